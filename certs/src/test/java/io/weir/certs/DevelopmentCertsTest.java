package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentCertsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> ALL =
            List.of("ca", "server", "viewer", "monitor", "autoscaler", "operator", "admin");

    @TempDir
    Path home;

    @Test
    void a_first_start_makes_an_authority_a_server_and_a_client_of_each_role() {
        DevelopmentCerts made = at(START);

        assertThat(made.issued()).isEqualTo(ALL);
        X509Certificate ca = leaf("ca");
        assertThat(ca.getNotAfter()).isEqualTo(START.plus(Duration.ofDays(3650)));
        for (Role role : Role.values()) {
            X509Certificate client = leaf(role.word());
            assertThat(Identity.of(client)).contains(new Identity(role, role.word()));
            assertThat(client.getNotAfter()).isEqualTo(START.plus(Duration.ofDays(30)));
            assertThat(Pem.issued(ca, client)).isTrue();
        }
    }

    @Test
    void keys_are_readable_by_their_owner_alone() throws IOException {
        at(START);

        try (Stream<Path> files = Files.list(certs())) {
            List<Path> keys =
                    files.filter(file -> file.toString().endsWith(".key")).toList();
            assertThat(keys).hasSize(ALL.size());
            for (Path key : keys) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void a_second_start_changes_nothing() {
        at(START);
        Map<String, String> before = contents();

        assertThat(at(START.plus(Duration.ofDays(20))).issued()).isEmpty();

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void leaves_with_fewer_than_ten_days_left_are_made_again_and_the_authority_stays() {
        at(START);
        String authority = contents().get("ca.pem");
        Instant later = START.plus(Duration.ofDays(20)).plusSeconds(1);

        assertThat(at(later).issued()).containsExactlyElementsOf(ALL.subList(1, ALL.size()));

        assertThat(contents()).containsEntry("ca.pem", authority);
        assertThat(leaf("server").getNotAfter()).isEqualTo(later.plus(Duration.ofDays(30)));
    }

    @Test
    void an_authority_that_a_leaf_would_outlive_is_renewed_with_its_key_so_that_old_trust_still_holds() {
        at(START);
        X509Certificate old = leaf("ca");
        Instant late = START.plus(Duration.ofDays(3630));

        assertThat(at(late).issued()).isEqualTo(ALL);

        assertThat(leaf("ca").getNotAfter()).isAfter(late.plus(Duration.ofDays(3000)));
        assertThat(Pem.issued(old, leaf("server"))).isTrue();
        assertThat(Pem.issued(leaf("ca"), leaf("server"))).isTrue();
    }

    @Test
    void other_files_and_a_certificate_from_elsewhere_are_left_alone() throws IOException {
        at(START);
        Issued foreign = FleetCa.create(home.resolve("other"), "Somebody else", FleetCa.LIFE, () -> START)
                .issueServer("localhost");
        Files.writeString(certs().resolve("server.pem"), foreign.certificatePem());
        Files.writeString(certs().resolve("server.key"), foreign.keyPem());
        Files.writeString(certs().resolve("note.txt"), "mine");
        Map<String, String> before = contents();

        assertThat(at(START.plus(Duration.ofDays(6))).issued()).isEmpty();

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void a_start_that_was_cut_short_between_two_files_is_made_good() throws IOException {
        at(START);
        Files.copy(certs().resolve("admin.key"), certs().resolve("operator.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(certs().resolve("viewer.pem"));
        Files.delete(certs().resolve("monitor.key"));

        assertThat(at(START).issued()).containsExactlyInAnyOrder("operator", "viewer", "monitor");

        for (Role role : Role.values()) {
            assertThat(Pem.belong(leaf(role.word()).getPublicKey(), Pem.key(certs().resolve(role.word() + ".key"))))
                    .isTrue();
        }
    }

    @Test
    void an_authority_cut_short_before_its_certificate_was_written_goes_on_with_its_key() throws IOException {
        at(START);
        String key = contents().get("ca.key");
        X509Certificate server = leaf("server");
        Files.delete(certs().resolve("ca.pem"));

        assertThat(at(START).issued()).containsExactly("ca");

        assertThat(contents()).containsEntry("ca.key", key);
        assertThat(Pem.issued(leaf("ca"), server)).isTrue();
    }

    @Test
    void without_the_authoritys_key_a_start_goes_on_until_something_has_to_be_issued() throws IOException {
        at(START);
        Files.delete(certs().resolve("ca.key"));

        assertThat(at(START).issued()).isEmpty();

        assertThatThrownBy(() -> at(START.plus(Duration.ofDays(25))))
                .isInstanceOf(CertsProblem.class)
                .hasMessageContaining("ca.key is gone")
                .hasMessageContaining("server");
    }

    @Test
    void several_starts_at_once_end_with_one_authority() throws Exception {
        try (ExecutorService starts = Executors.newFixedThreadPool(4)) {
            Callable<List<String>> start = () -> at(START).issued();
            List<Future<List<String>>> results = starts.invokeAll(List.of(start, start, start, start));
            int issued = 0;
            for (Future<List<String>> result : results) {
                issued += result.get().size();
            }
            assertThat(issued).isEqualTo(ALL.size());
        }
    }

    private DevelopmentCerts at(Instant now) {
        return DevelopmentCerts.ensure(certs(), InstantSource.fixed(now));
    }

    private Path certs() {
        return home.resolve("certs");
    }

    private X509Certificate leaf(String owner) {
        return Pem.certificates(certs().resolve(owner + ".pem")).getFirst();
    }

    private Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(certs())) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }
}
