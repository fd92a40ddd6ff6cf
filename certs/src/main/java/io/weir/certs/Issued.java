package io.weir.certs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate fresh from the authority, with its key. */
public record Issued(X509Certificate certificate, PrivateKey key, X509Certificate authority) {
    public String certificatePem() {
        return Pem.text(certificate);
    }

    public String keyPem() {
        return Pem.text(key);
    }

    /** Key, certificate and authority in one file, as browsers import it. */
    public byte[] pkcs12(char[] password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("weir", key, password, new X509Certificate[] {certificate, authority});
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password);
            return bytes.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new CertsProblem("the PKCS12 file cannot be made: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "Issued[" + certificate.getSubjectX500Principal() + "]";
    }
}
