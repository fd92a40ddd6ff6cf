package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @ParameterizedTest
    @EnumSource(Role.class)
    void one_weir_uri_says_role_and_name(Role role) throws Exception {
        X509Certificate certificate = with(uri("weir://" + role.word() + "/anna-2.b_c"));

        assertThat(Identity.of(certificate)).contains(new Identity(role, "anna-2.b_c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weir://boss/anna",
                "weir://Operator/anna",
                "WEIR://operator/anna",
                "weir://operator/",
                "weir://operator",
                "weir:operator/anna",
                "weir://operator/anna/x",
                "weir://operator/anna?admin",
                "weir://operator/an%6ea",
                "weir://operator/-anna",
                "weir://operator/anna ",
                "weir://x@operator/anna",
                "spiffe://operator/anna"
            })
    void any_other_writing_is_no_identity(String uri) throws Exception {
        assertThat(Identity.of(with(uri(uri)))).isEmpty();
    }

    @Test
    void two_weir_uris_are_no_identity_even_if_one_of_them_is_written_wrongly() throws Exception {
        assertThat(Identity.of(with(uri("weir://viewer/anna"), uri("weir://admin/anna"))))
                .isEmpty();
        assertThat(Identity.of(with(uri("weir://viewer/anna"), uri("weir://viewer/anna"))))
                .isEmpty();
        assertThat(Identity.of(with(uri("weir://viewer/anna"), uri("Weir:x")))).isEmpty();
    }

    @Test
    void names_of_other_kinds_stand_beside_it_and_say_nothing() throws Exception {
        X509Certificate certificate = with(
                uri("spiffe://fleet/anna"),
                new GeneralName(GeneralName.dNSName, "weir.example.com"),
                uri("weir://viewer/anna"));

        assertThat(Identity.of(certificate)).contains(new Identity(Role.VIEWER, "anna"));
        assertThat(Identity.of(with(new GeneralName(GeneralName.dNSName, "weir.example.com"))))
                .isEmpty();
        assertThat(Identity.of(with())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "ä", "-a", "a b", "a\n"})
    void a_name_that_cannot_stand_in_a_uri_is_refused(String name) {
        assertThatThrownBy(() -> new Identity(Role.VIEWER, name))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("1 to 64 letters");
    }

    @Test
    void a_name_has_at_most_64_characters() {
        assertThat(new Identity(Role.VIEWER, "a".repeat(64)).uri()).hasSize(14 + 64);
        assertThatThrownBy(() -> new Identity(Role.VIEWER, "a".repeat(65))).isInstanceOf(CertsProblem.class);
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static X509Certificate with(GeneralName... names) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=anna,OU=admin");
        var builder = new JcaX509v3CertificateBuilder(
                name, BigInteger.ONE, new Date(0), new Date(4_000_000_000_000L), name, pair.getPublic());
        if (names.length > 0) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(Arrays.copyOf(names, names.length)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }
}
