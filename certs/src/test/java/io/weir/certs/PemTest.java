package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.InstantSource;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private static final ASN1ObjectIdentifier P256 = SECObjectIdentifiers.secp256r1;

    @TempDir
    Path home;

    private FleetCa ca;

    @BeforeEach
    void authority() {
        ca = FleetCa.create(home, "Test CA", FleetCa.LIFE, NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void a_key_is_read_as_pkcs8(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);

        Path file = file("a.key", "some words before\n" + Pem.text(pair.getPrivate()));

        assertThat(Pem.belong(pair.getPublic(), Pem.key(file))).isTrue();
    }

    @Test
    void an_rsa_key_is_read_as_pkcs1() throws Exception {
        KeyPair pair = pair("RSA");
        String text = old(pair.getPrivate());
        assertThat(text).contains("-----BEGIN RSA PRIVATE KEY-----");

        assertThat(Pem.belong(pair.getPublic(), Pem.key(file("a.key", text)))).isTrue();
    }

    @Test
    void an_ec_key_is_read_as_sec1() throws Exception {
        KeyPair pair = pair("EC");
        ECPrivateKey secret =
                new ECPrivateKey(256, ((java.security.interfaces.ECPrivateKey) pair.getPrivate()).getS(), P256);
        String text = pem("EC PRIVATE KEY", secret.getEncoded());

        assertThat(Pem.belong(pair.getPublic(), Pem.key(file("a.key", text)))).isTrue();
    }

    @Test
    void a_sec1_key_without_its_curve_takes_it_from_the_parameters_block_before_it() throws Exception {
        KeyPair pair = pair("EC");
        String text = old(pair.getPrivate());
        assertThat(text).contains("-----BEGIN EC PRIVATE KEY-----");

        assertThat(Pem.belong(pair.getPublic(), Pem.key(file("a.key", pem("EC PARAMETERS", P256.getEncoded()) + text))))
                .isTrue();
        assertThatThrownBy(() -> Pem.key(file("a.key", text)))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("use a named curve");
    }

    @Test
    void an_encrypted_key_is_refused_with_the_way_out() throws Exception {
        PrivateKey key = pair("RSA").getPrivate();
        StringWriter pkcs8 = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pkcs8)) {
            writer.writeObject(new JcaPKCS8Generator(
                    key,
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword("x".toCharArray())
                            .build()));
        }
        StringWriter pkcs1 = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pkcs1)) {
            writer.writeObject(
                    key,
                    new JcePEMEncryptorBuilder("AES-128-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build("x".toCharArray()));
        }

        for (String text : new String[] {pkcs8.toString(), pkcs1.toString()}) {
            assertThatThrownBy(() -> Pem.key(file("a.key", text)))
                    .isInstanceOf(CertsProblem.class)
                    .hasMessageContaining("a.key is encrypted")
                    .hasMessageContaining("openssl pkey");
        }
    }

    @Test
    void a_chain_in_any_order_with_a_stranger_in_it_becomes_the_keys_own_chain() throws Exception {
        Issued leaf = ca.issueServer("localhost");
        Issued stranger = ca.issueServer("elsewhere");
        Path chain = file("chain.pem", Pem.text(ca.certificate()) + stranger.certificatePem() + leaf.certificatePem());

        KeyStore store = Pem.keyStore(chain, file("leaf.key", leaf.keyPem()));

        assertThat(store.getCertificateChain("key"))
                .containsExactly(new Certificate[] {leaf.certificate(), ca.certificate()});
        assertThat(store.getKey("key", new char[0])).isEqualTo(leaf.key());
    }

    @Test
    void a_key_of_another_certificate_is_refused_naming_both_files() {
        Path one = file("one.pem", ca.issueServer("one").certificatePem());
        Path two = file("two.key", ca.issueServer("two").keyPem());

        assertThatThrownBy(() -> Pem.keyStore(one, two))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("one.pem")
                .hasMessageContaining("two.key");
    }

    @Test
    void every_certificate_of_a_trust_file_is_an_anchor() throws Exception {
        Issued leaf = ca.issueServer("localhost");

        KeyStore trust = Pem.trustStore(file("trust.pem", Pem.text(ca.certificate()) + leaf.certificatePem()));

        assertThat(trust.size()).isEqualTo(2);
    }

    @Test
    void what_is_not_there_or_not_pem_is_refused_with_its_name() throws Exception {
        Issued leaf = ca.issueServer("localhost");
        Path der = home.resolve("a.der");
        Files.write(der, leaf.certificate().getEncoded());
        Path onlyKey = file("only.key", leaf.keyPem());
        Path onlyCertificate = file("only.pem", leaf.certificatePem());
        Path broken = file("broken.pem", leaf.certificatePem().replace("M", "-"));
        Path cut = file("cut.pem", leaf.certificatePem().substring(0, 200));

        refused(home.resolve("absent.pem"), "does not exist");
        refused(home, "is a directory");
        refused(der, "is not PEM text");
        refused(onlyKey, "holds no certificate");
        refused(broken, "is not whole");
        refused(cut, "is not whole");
        assertThatThrownBy(() -> Pem.key(onlyCertificate))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("only.pem holds no private key");
    }

    private static void refused(Path file, String words) {
        assertThatThrownBy(() -> Pem.certificates(file))
                .isInstanceOf(CertsProblem.class)
                .hasMessageStartingWith(file + " " + words);
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(256);
        }
        return generator.generateKeyPair();
    }

    private static String pem(String type, byte[] content) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        }
        return text.toString();
    }

    private static String old(PrivateKey key) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(key);
        }
        return text.toString();
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(home.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
