package io.weir.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of a fleet: {@code ca.pem} and {@code ca.key} in a directory.
 *
 * <ol>
 *   <li>Every key is EC P-256 and is made here; nothing else is kept, so there is nothing to keep in step.
 *   <li>A server's certificate carries the names it answers to and serves only servers; a client's carries its
 *       {@link Identity} and serves only clients.
 *   <li>A leaf lives {@link #LEAF_LIFE} unless told otherwise, and never longer than its authority.
 *   <li>A certificate begins five minutes before it is made, for machines whose clock is late.
 *   <li>The serial number is taken from the digest of the public key and the time: unique and unforeseeable, as the key is.
 * </ol>
 */
public final class FleetCa {
    public static final Duration LEAF_LIFE = Duration.ofDays(7);
    public static final Duration LIFE = Duration.ofDays(3650);
    static final String CERTIFICATE = "ca.pem";
    static final String KEY = "ca.key";

    private static final Duration LATE_CLOCKS = Duration.ofMinutes(5);
    private static final int MAX_COMMON_NAME = 64;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final InstantSource clock;

    private FleetCa(X509Certificate certificate, PrivateKey key, InstantSource clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /** A new authority in a directory that holds none; the directory is made if it is absent. */
    public static FleetCa create(Path directory, String name, Duration life, InstantSource clock) {
        for (String file : List.of(CERTIFICATE, KEY)) {
            if (Files.exists(directory.resolve(file))) {
                throw new CertsProblem(
                        directory.resolve(file) + " exists already, and is left as it is: every certificate"
                                + " issued so far hangs on it. Name another directory, or move the old authority away first");
            }
        }
        KeyPair pair = newPair();
        X509Certificate certificate = selfSigned(pair.getPublic(), pair.getPrivate(), name, life, clock);
        KeptFiles.directory(directory);
        KeptFiles.secret(directory.resolve(KEY), bytes(Pem.text(pair.getPrivate())), false);
        KeptFiles.open(directory.resolve(CERTIFICATE), bytes(Pem.text(certificate)), false);
        return new FleetCa(certificate, pair.getPrivate(), clock);
    }

    /** An authority whose key is there but whose certificate never was written, or is lost. */
    static FleetCa certify(Path directory, String name, Duration life, InstantSource clock) {
        PrivateKey key = Pem.key(directory.resolve(KEY));
        PublicKey open = publicHalf(key);
        X509Certificate certificate = selfSigned(open, key, name, life, clock);
        KeptFiles.open(directory.resolve(CERTIFICATE), bytes(Pem.text(certificate)), false);
        return new FleetCa(certificate, key, clock);
    }

    /** The same authority for another life: the same key and name, so what it issued stays good. */
    FleetCa renew(Path directory, Duration life) {
        String name = commonName(certificate);
        X509Certificate later = selfSigned(certificate.getPublicKey(), key, name, life, clock);
        KeptFiles.open(directory.resolve(CERTIFICATE), bytes(Pem.text(later)), true);
        return new FleetCa(later, key, clock);
    }

    public static FleetCa load(Path directory, InstantSource clock) {
        Path certificateFile = directory.resolve(CERTIFICATE);
        Path keyFile = directory.resolve(KEY);
        if (!Files.exists(certificateFile) && !Files.exists(keyFile)) {
            throw new CertsProblem("there is no authority in " + directory
                    + ": make one with weir certs init, or name the" + " directory that holds ca.pem and ca.key");
        }
        X509Certificate certificate = Pem.certificates(certificateFile).getFirst();
        PrivateKey key = Pem.key(keyFile);
        if (!Pem.belong(certificate.getPublicKey(), key)) {
            throw new CertsProblem(
                    keyFile + " is not the key of " + certificateFile + ": put the right one of the two back");
        }
        if (certificate.getBasicConstraints() < 0) {
            throw new CertsProblem(certificateFile + " is not an authority's certificate: it may not sign others");
        }
        return new FleetCa(certificate, key, clock);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public Issued issueServer(String... names) {
        return issueServer(List.of(names), LEAF_LIFE);
    }

    public Issued issueServer(List<String> names, Duration life) {
        if (names.isEmpty()) {
            throw new CertsProblem("a server's certificate needs at least one name that clients call it by");
        }
        List<ServerName> parsed = names.stream().map(ServerName::of).distinct().toList();
        String first = parsed.getFirst().text();
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, first.length() <= MAX_COMMON_NAME ? first : "server");
        GeneralName[] alternatives = parsed.stream().map(ServerName::general).toArray(GeneralName[]::new);
        return issue(subject.build(), alternatives, KeyPurposeId.id_kp_serverAuth, life);
    }

    public Issued issueClient(Role role, String name) {
        return issueClient(new Identity(role, name), LEAF_LIFE);
    }

    public Issued issueClient(Identity identity, Duration life) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.OU, identity.role().word())
                .addRDN(BCStyle.CN, identity.name());
        GeneralName[] alternatives = {new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri())};
        return issue(subject.build(), alternatives, KeyPurposeId.id_kp_clientAuth, life);
    }

    private Issued issue(X500Name subject, GeneralName[] alternatives, KeyPurposeId purpose, Duration life) {
        Instant now = now();
        Instant end = now.plus(life);
        Instant authorityEnd = certificate.getNotAfter().toInstant();
        if (!authorityEnd.isAfter(now)) {
            throw new CertsProblem("the authority " + certificate.getSubjectX500Principal() + " ended at "
                    + authorityEnd + ": make a new one in another directory and issue everything anew");
        }
        if (end.isAfter(authorityEnd)) {
            throw new CertsProblem("a certificate until " + end + " would outlive its authority (" + authorityEnd
                    + "): ask for fewer days");
        }
        KeyPair pair = newPair();
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            certificate,
                            serial(pair.getPublic(), now),
                            begin(now),
                            Date.from(end),
                            subject,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(pair.getPublic()))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return new Issued(sign(builder, key), pair.getPrivate(), certificate);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new CertsProblem("the certificate of " + subject + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static X509Certificate selfSigned(
            PublicKey open, PrivateKey secret, String name, Duration life, InstantSource clock) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        X500Name subject =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            subject, serial(open, now), begin(now), Date.from(now.plus(life)), subject, open)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(open));
            return sign(builder, secret);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new CertsProblem("the authority " + name + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(
                        new JcaContentSignerBuilder(Pem.signatureOf(key).orElseThrow()).build(key)));
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK knows P-256", e);
        }
    }

    private static PublicKey publicHalf(PrivateKey key) {
        try {
            if (!(PrivateKeyFactory.createKey(key.getEncoded()) instanceof ECPrivateKeyParameters secret)) {
                throw new CertsProblem("the authority's key is no EC key: put its certificate back, too");
            }
            ECPoint point = new FixedPointCombMultiplier()
                    .multiply(secret.getParameters().getG(), secret.getD());
            SubjectPublicKeyInfo open = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                    new ECPublicKeyParameters(point, secret.getParameters()));
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(open.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new CertsProblem("the authority's key cannot be used: " + e.getMessage(), e);
        }
    }

    private static BigInteger serial(PublicKey key, Instant now) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(key.getEncoded());
        digest.update(bytes(now.toString()));
        return new BigInteger(1, Arrays.copyOf(digest.digest(), 16));
    }

    private static String commonName(X509Certificate certificate) {
        RDN[] names = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.CN);
        return names.length == 0
                ? "Weir fleet"
                : IETFUtils.valueToString(names[0].getFirst().getValue());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Date begin(Instant now) {
        return Date.from(now.minus(LATE_CLOCKS));
    }

    private static byte[] bytes(String pem) {
        return pem.getBytes(StandardCharsets.US_ASCII);
    }
}
