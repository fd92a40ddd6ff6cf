package io.weir.openstack;

import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A PEM file of authorities that a connection trusts, and no others. */
final class CertificateFile {
    private CertificateFile() {}

    static SSLContext trust(Path file) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(Pem.trustStore(file));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (CertsProblem | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException("ca: " + unreadable.getMessage(), unreadable);
        }
    }
}
