package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.kit.AdapterProcess;
import io.weir.openstack.WeirOpenstack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways to a real OpenStack other than a password over plain HTTP: an application credential, and services behind TLS. */
class NovaLoginTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POOL = """
            pools:
              %s:
                max: 5
                size: 0
                image: dummy
                machineTypes: [m1.tiny]
                network: none
            """;

    @TempDir
    Path folder;

    private RealOpenstack cloud;
    private Witness witness;

    @BeforeEach
    void lookAtTheBed() {
        cloud = RealOpenstack.ofEnvironment();
        witness = new Witness(cloud);
    }

    @Test
    void an_application_credential_keeps_a_pool_until_somebody_takes_it_away() throws Exception {
        String pool = RealAdapter.fresh("credential");
        JsonNode credential = JSON.readTree(cli("application", "credential", "create", pool, "-f", "json"));
        try (AdapterProcess adapter = adapter(
                """
                lag: 1s
                lateness: 10s
                authUrl: %s
                applicationCredentialId: %s
                applicationCredentialSecret: env:SECRET
                region: %s
                """.formatted(
                                cloud.ofBed("auth_url").asText(),
                                credential.path("id").asText(),
                                cloud.ofBed("region").asText()),
                pool,
                Map.of("SECRET", credential.path("secret").asText()))) {
            adapter.awaitReady();
            upAndHalfWayDown(adapter, pool);
            TreeSet<String> members = new TreeSet<>(adapter.running(pool));

            cli("application", "credential", "delete", pool);
            NovaTrial.await("the adapter to be refused", () -> assertThat(problem(adapter))
                    .contains("Application Credential"));
            System.out.println("login: the credential is gone: " + problem(adapter));
            assertThat(adapter.running(pool)).isEqualTo(members);
            assertThat(witness.servers(pool + "-")).hasSameSizeAs(members);
        } finally {
            end(pool);
        }
    }

    @Test
    void a_cloud_behind_tls_is_believed_by_the_authority_that_is_named() throws Exception {
        String pool = RealAdapter.fresh("secured");
        Path certs = folder.resolve("of-the-cloud");
        DevelopmentCerts.ensure(certs, Clock.systemUTC());
        SSLContext tls = Tls.context(
                new TlsSettings(certs.resolve("server.pem"), certs.resolve("server.key"), certs.resolve("ca.pem")),
                Clock.systemUTC());
        Map<String, NovaLine> lines = new LinkedHashMap<>();
        JsonNode endpoints = cloud.ofBed("endpoints");
        lines.put(
                "identity", new NovaLine(cloud.ofBed("auth_url").asText().replaceFirst("/v3$", ""), Optional.of(tls)));
        for (String service : new String[] {"compute", "network", "image"}) {
            lines.put(service, new NovaLine(endpoints.path(service).asText(), Optional.of(tls)));
        }
        lines.put("volume", new NovaLine(endpoints.path("volume").asText() + "/" + cloud.project(), Optional.of(tls)));
        StringBuilder addresses = new StringBuilder();
        lines.forEach((service, line) -> {
            if (!service.equals("identity")) {
                addresses
                        .append("  ")
                        .append(service)
                        .append(": ")
                        .append(line.url())
                        .append('\n');
            }
        });
        JsonNode user = cloud.ofBed("demo");
        String connection = """
                lag: 1s
                lateness: 10s
                authUrl: %s/v3
                username: %s
                password: env:SECRET
                userDomain: Default
                project: %s
                projectDomain: Default
                region: %s
                endpoints:
                %s
                """.formatted(
                        lines.get("identity").url(),
                        user.path("user").asText(),
                        user.path("project").asText(),
                        cloud.ofBed("region").asText(),
                        addresses);
        Map<String, String> secret = Map.of("SECRET", user.path("password").asText());
        try {
            try (AdapterProcess adapter = adapter(connection + "ca: " + certs.resolve("ca.pem"), pool, secret)) {
                adapter.awaitReady();
                upAndHalfWayDown(adapter, pool);
                assertThat(adapter.takes(pool, 0)).isTrue();
                NovaTrial.await("all to be gone", () -> {
                    assertThat(adapter.isExact(pool, 0)).isTrue();
                    assertThat(witness.servers(pool + "-")).isEmpty();
                });
            }
            try (AdapterProcess adapter = adapter(connection, pool, secret)) {
                adapter.awaitReady();
                NovaTrial.await("it to say what is wrong with the certificate", () -> assertThat(problem(adapter))
                        .contains("certif"));
                System.out.println("login: without the authority: " + problem(adapter));
                assertThat(witness.servers(pool + "-")).isEmpty();
            }
        } finally {
            lines.values().forEach(NovaLine::close);
            end(pool);
        }
    }

    private AdapterProcess adapter(String connection, String pool, Map<String, String> environment) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home-of-" + pool));
        Files.writeString(home.resolve("adapter.yml"), """
                cloud: openstack
                listen: {port: 0}
                management: {port: 0}
                watch: {interval: 2s, busy: 1s}
                connections:
                  default:
                """ + connection.strip().indent(4) + POOL.formatted(pool));
        return AdapterProcess.ofClasses("openstack", WeirOpenstack.class, home, environment, Role.OPERATOR);
    }

    private void upAndHalfWayDown(AdapterProcess adapter, String pool) throws Exception {
        for (int size : new int[] {3, 2}) {
            assertThat(adapter.takes(pool, size)).isTrue();
            NovaTrial.await("to be exact at " + size, () -> {
                assertThat(adapter.isExact(pool, size)).isTrue();
                assertThat(witness.servers(pool + "-").stream()
                                .map(row -> row.path("id").asText()))
                        .containsExactlyInAnyOrderElementsOf(adapter.running(pool));
            });
        }
    }

    /** What OpenStack's own client answers the user of the environment. */
    private static String cli(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openstack"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command.toString()).isZero();
        return answer;
    }

    private void end(String pool) throws NovaFailure {
        NovaApi api = new OpenstackNovaApi(cloud.as("demo"));
        for (JsonNode row : witness.servers(pool + "-")) {
            api.deleteServer(row.path("id").asText());
        }
    }

    private static String problem(AdapterProcess adapter) throws Exception {
        JsonNode view = adapter.get("/connections/default");
        return view.path("reached").asBoolean() ? "" : view.path("problem").asText("not reached");
    }
}
