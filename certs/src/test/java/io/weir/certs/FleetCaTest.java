package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetCaTest {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    @Test
    void an_authority_signs_certificates_and_revocation_lists_and_no_further_authorities() {
        X509Certificate ca = authority().certificate();

        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(((ECPublicKey) ca.getPublicKey())
                        .getParams()
                        .getCurve()
                        .getField()
                        .getFieldSize())
                .isEqualTo(256);
    }

    @Test
    void a_server_carries_its_names_and_serves_servers_only() throws Exception {
        X509Certificate server = authority()
                .issueServer("adapter.example.com", "*.example.com", "10.0.0.7", "[::1]")
                .certificate();

        assertThat(server.getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "adapter.example.com"),
                        List.of(2, "*.example.com"),
                        List.of(7, "10.0.0.7"),
                        List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(server.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
        assertThat(server.getBasicConstraints()).isNegative();
        assertThat(Identity.of(server)).isEmpty();
    }

    @Test
    void a_client_carries_its_identity_and_serves_clients_only() throws Exception {
        X509Certificate client = authority().issueClient(Role.OPERATOR, "anna").certificate();

        assertThat(client.getSubjectAlternativeNames()).containsExactly(List.of(6, "weir://operator/anna"));
        assertThat(client.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
        assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=anna,OU=operator");
    }

    @Test
    void a_leaf_lives_a_week_and_begins_a_little_before_it_is_made() {
        X509Certificate client = authority().issueClient(Role.VIEWER, "anna").certificate();

        assertThat(client.getNotAfter()).isEqualTo(START.plus(Duration.ofDays(7)));
        assertThat(client.getNotBefore()).isEqualTo(START.minus(Duration.ofMinutes(5)));
    }

    @Test
    void no_two_certificates_share_a_serial_number() {
        FleetCa ca = authority();

        assertThat(ca.issueServer("a").certificate().getSerialNumber())
                .isNotEqualTo(ca.issueServer("a").certificate().getSerialNumber())
                .isNotEqualTo(ca.certificate().getSerialNumber());
    }

    @Test
    void an_authority_that_exists_is_never_made_anew() {
        authority();

        assertThatThrownBy(this::authority)
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("ca.pem exists already");
    }

    @Test
    void a_loaded_authority_issues_what_the_first_one_would_have() {
        X509Certificate first = authority().certificate();

        Issued issued = FleetCa.load(home, InstantSource.fixed(START)).issueClient(Role.ADMIN, "eva");

        assertThat(Pem.issued(first, issued.certificate())).isTrue();
    }

    @Test
    void nothing_outlives_its_authority_and_an_ended_one_issues_nothing() {
        FleetCa.create(home, "Test CA", Duration.ofDays(10), InstantSource.fixed(START));
        FleetCa late = FleetCa.load(home, InstantSource.fixed(START.plus(Duration.ofDays(8))));
        FleetCa ended = FleetCa.load(home, InstantSource.fixed(START.plus(Duration.ofDays(11))));

        assertThatThrownBy(() -> late.issueServer("a"))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("ask for fewer days");
        assertThatThrownBy(() -> ended.issueServer("a"))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("ended at 2026-01-11");
    }

    @Test
    void a_directory_without_a_whole_authority_is_refused_with_the_way_out() throws Exception {
        Path empty = home.resolve("empty");
        Path mixed = home.resolve("mixed");
        FleetCa other = FleetCa.create(mixed, "Other", FleetCa.LIFE, InstantSource.fixed(START));
        Issued leaf = other.issueServer("a");
        Files.writeString(mixed.resolve("ca.key"), leaf.keyPem());

        refused(empty, "weir certs init");
        refused(mixed, "is not the key of");
        Files.writeString(mixed.resolve("ca.pem"), leaf.certificatePem());
        refused(mixed, "is not an authority's certificate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "https://a", "a:8443", "a/b", "a b", "-a", "256.1.1.1", "10.0.0.1/8", "1.2.3", "a..b", "*"})
    void what_is_no_host_and_no_address_is_refused(String name) {
        FleetCa ca = authority();

        assertThatThrownBy(() -> ca.issueServer(name))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("neither a host name nor an IP address");
    }

    private void refused(Path directory, String words) {
        assertThatThrownBy(() -> FleetCa.load(directory, InstantSource.fixed(START)))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining(words);
    }

    private FleetCa authority() {
        return FleetCa.create(home, "Test CA", FleetCa.LIFE, InstantSource.fixed(START));
    }
}
