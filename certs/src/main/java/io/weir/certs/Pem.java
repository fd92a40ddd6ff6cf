package io.weir.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Certificates and keys between PEM text and the JDK.
 *
 * <ol>
 *   <li>A certificate file holds one certificate or a chain; text around the blocks is allowed.
 *   <li>A key file holds one EC, RSA or EdDSA key, as PKCS#8, SEC1 or PKCS#1, not encrypted.
 *   <li>In a key store the chain begins with the certificate of the key, in whatever order the file has it; certificates
 *       that do not belong to that chain are left out.
 *   <li>In a trust store every certificate of the file is an anchor, one that is no authority (self-signed, or made
 *       elsewhere) too.
 *   <li>What is not as it should be is a {@link CertsProblem} that names the file and the way out.
 * </ol>
 */
public final class Pem {
    private static final char[] NO_PASSWORD = {};
    private static final int MAX_BYTES = 1 << 20;

    private Pem() {}

    public static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> found = new ArrayList<>();
        for (Object block : blocks(file)) {
            switch (block) {
                case X509CertificateHolder holder -> found.add(certificate(file, holder));
                case X509TrustedCertificateBlock trusted ->
                    found.add(certificate(file, trusted.getCertificateHolder()));
                default -> {}
            }
        }
        if (found.isEmpty()) {
            throw new CertsProblem(
                    file + " holds no certificate: a PEM file with -----BEGIN CERTIFICATE----- is due here");
        }
        return List.copyOf(found);
    }

    public static PrivateKey key(Path file) {
        Optional<ASN1ObjectIdentifier> curve = Optional.empty();
        for (Object block : blocks(file)) {
            switch (block) {
                case ASN1ObjectIdentifier named -> curve = Optional.of(named);
                case PrivateKeyInfo info -> {
                    return key(file, info);
                }
                case PEMKeyPair pair -> {
                    return key(file, withCurve(pair.getPrivateKeyInfo(), curve));
                }
                case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted(file);
                case PEMEncryptedKeyPair encrypted -> throw encrypted(file);
                default -> {}
            }
        }
        throw new CertsProblem(file + " holds no private key: a PEM file with -----BEGIN PRIVATE KEY-----"
                + " (or EC PRIVATE KEY, RSA PRIVATE KEY) is due here");
    }

    /** The key and its chain in memory, as PKCS#12 with an empty password. */
    public static KeyStore keyStore(Path chain, Path key) {
        PrivateKey secret = key(key);
        List<X509Certificate> certificates = certificates(chain);
        X509Certificate leaf = certificates.stream()
                .filter(certificate -> belong(certificate.getPublicKey(), secret))
                .findFirst()
                .orElseThrow(() -> new CertsProblem("no certificate in " + chain + " belongs to the key in " + key
                        + ": name the two files that were issued together"));
        try {
            KeyStore store = empty();
            store.setKeyEntry("key", secret, NO_PASSWORD, chainOf(leaf, certificates));
            return store;
        } catch (GeneralSecurityException e) {
            throw new CertsProblem(
                    "the key " + key + " and the chain " + chain + " cannot be used: " + e.getMessage(), e);
        }
    }

    public static KeyStore trustStore(Path ca) {
        try {
            KeyStore store = empty();
            int count = 0;
            for (X509Certificate anchor : certificates(ca)) {
                store.setCertificateEntry("anchor-" + count++, anchor);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new CertsProblem("the certificates in " + ca + " cannot be trusted: " + e.getMessage(), e);
        }
    }

    static String text(X509Certificate certificate) {
        try {
            return text("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a parsed certificate has its bytes", e);
        }
    }

    static String text(PrivateKey key) {
        return text("PRIVATE KEY", key.getEncoded());
    }

    /** Whether the two are halves of one pair: what the private one signs, the public one accepts. */
    static boolean belong(PublicKey open, PrivateKey secret) {
        Optional<String> algorithm = signatureOf(secret);
        if (algorithm.isEmpty() || !signatureOf(open).equals(algorithm)) {
            return false;
        }
        try {
            byte[] sample = open.getEncoded();
            Signature signer = Signature.getInstance(algorithm.get());
            signer.initSign(secret);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm.get());
            verifier.initVerify(open);
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (GeneralSecurityException otherCurveOrSize) {
            return false;
        }
    }

    static Optional<String> signatureOf(java.security.Key key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> Optional.of("SHA256withECDSA");
            case "RSA" -> Optional.of("SHA256withRSA");
            case "EdDSA", "Ed25519", "Ed448" -> Optional.of("EdDSA");
            default -> Optional.empty();
        };
    }

    private static X509Certificate[] chainOf(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        X509Certificate last = leaf;
        while (chain.size() <= certificates.size()) {
            X509Certificate signed = last;
            Optional<X509Certificate> issuer = certificates.stream()
                    .filter(candidate -> !chain.contains(candidate) && issued(candidate, signed))
                    .findFirst();
            if (issuer.isEmpty()) {
                break;
            }
            last = issuer.get();
            chain.add(last);
        }
        return chain.toArray(X509Certificate[]::new);
    }

    static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException notSignedByIt) {
            return false;
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException("an empty store reads nothing", e);
        }
    }

    private static List<Object> blocks(Path file) {
        String text = read(file);
        List<Object> blocks = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            throw new CertsProblem(
                    file + " is not whole: a block between -----BEGIN and -----END cannot be read (" + e.getMessage()
                            + ")",
                    e);
        }
        return blocks;
    }

    private static String read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new CertsProblem(file + " is a directory: a PEM file is due here");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new CertsProblem(file + " is larger than 1 MiB: that is no PEM file of keys or certificates");
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (!text.contains("-----BEGIN ")) {
                throw new CertsProblem(file + " is not PEM text (no -----BEGIN line): convert it, for example with"
                        + " openssl x509 -inform der or openssl pkcs12 -nodes");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new CertsProblem(file + " does not exist", e);
        } catch (IOException e) {
            throw new CertsProblem(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static X509Certificate certificate(Path file, X509CertificateHolder holder) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        } catch (CertificateException | IOException e) {
            throw new CertsProblem(file + " holds a certificate that cannot be read: " + e.getMessage(), e);
        }
    }

    /** A SEC1 key may leave its curve to the EC PARAMETERS block before it. */
    private static PrivateKeyInfo withCurve(PrivateKeyInfo info, Optional<ASN1ObjectIdentifier> curve) {
        AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
        if (curve.isEmpty() || algorithm.getParameters() != null) {
            return info;
        }
        try {
            return new PrivateKeyInfo(
                    new AlgorithmIdentifier(algorithm.getAlgorithm(), curve.get()), info.parsePrivateKey());
        } catch (IOException e) {
            throw new UncheckedIOException("a parsed key is written again", e);
        }
    }

    private static PrivateKey key(Path file, PrivateKeyInfo info) {
        String oid = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        String algorithm =
                switch (oid) {
                    case "1.2.840.10045.2.1" -> "EC";
                    case "1.2.840.113549.1.1.1" -> "RSA";
                    case "1.3.101.112", "1.3.101.113" -> "EdDSA";
                    default ->
                        throw new CertsProblem(
                                file + " holds a key of an unknown kind (" + oid + "): use an EC or an RSA key");
                };
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new CertsProblem(
                    file + " holds an " + algorithm + " key that cannot be used (" + e.getMessage()
                            + "): use a named curve such as P-256, or RSA",
                    e);
        }
    }

    private static CertsProblem encrypted(Path file) {
        return new CertsProblem("the key in " + file
                + " is encrypted: a service starts without a person to ask, so keep"
                + " the key in the clear with mode 0600, for example: openssl pkey -in " + file + " -out plain.key");
    }

    private static String text(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return text.toString();
    }
}
