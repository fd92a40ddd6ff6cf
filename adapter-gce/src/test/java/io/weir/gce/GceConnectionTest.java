package io.weir.gce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cloud.CloudConnection;
import io.weir.cloud.RequestMeter;
import io.weir.cloud.Supplies;
import io.weir.gce.compute.Compute;
import io.weir.gce.compute.Login;
import io.weir.gce.compute.TakeOver;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.service.json.Fields;
import io.weir.service.json.Problem;
import io.weir.service.json.Problems;
import io.weir.service.json.StrictJson;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GceConnectionTest {
    private static final String WHERE = "project: weir-example\nregion: us-central1\n";

    @TempDir
    Path folder;

    @Test
    void the_example_can_be_read() {
        Problems problems = new Problems();
        Fields.read(StrictJson.yaml(new Gce().example().getBytes(UTF_8)), problems, fields -> {
            fields.requiredString("cloud", 10);
            Map<String, Object> connections = fields.map("connections", 10, one -> new Gce().connection(one, folder));
            Map<String, PoolDocument> pools =
                    fields.map("pools", 10, new io.weir.http.Documents("gce", new Gce()::section)::read);
            assertThat(connections).hasSize(1);
            assertThat(pools).hasSize(1);
            return fields;
        });

        assertThat(problems.list()).isEmpty();
    }

    @Test
    void every_way_to_credentials_is_read() throws Exception {
        Path key = Files.writeString(folder.resolve("key.json"), "{}");
        assertThat(read("").settings().login().credentials()).isInstanceOf(Login.Credentials.Usual.class);
        assertThat(read("credentials: {keyFile: key.json}").settings().login().credentials())
                .isEqualTo(new Login.Credentials.KeyFile(key));
        assertThat(read("credentials: {metadataServer: true}")
                        .settings()
                        .login()
                        .credentials())
                .isInstanceOf(Login.Credentials.MetadataServer.class);
        Login as = read("""
                quotaProject: weir-billing
                impersonate:
                  serviceAccount: pools@weir-example.iam.gserviceaccount.com
                  delegates: [first@weir-example.iam.gserviceaccount.com]
                  duration: 30m
                """).settings().login();
        assertThat(as.quotaProject()).contains("weir-billing");
        assertThat(as.impersonated()).hasValueSatisfying(account -> {
            assertThat(account.account()).startsWith("pools@");
            assertThat(account.delegates()).hasSize(1);
            assertThat(account.lasts()).isEqualTo(Duration.ofMinutes(30));
        });
    }

    @Test
    void a_token_is_read_when_it_is_needed_and_never_shown() throws Exception {
        Path secret = Files.writeString(folder.resolve("token"), "topsecret-1\n");
        GceConnection connection = read("credentials: {accessToken: \"file:%s\"}".formatted(secret));

        assertThat(connection.toString()).contains("weir-example").doesNotContain("topsecret");
        Login.Credentials.Token token =
                (Login.Credentials.Token) connection.settings().login().credentials();
        assertThat(token.token().get()).isEqualTo("topsecret-1");
        Files.writeString(secret, "topsecret-2\n");
        assertThat(token.token().get()).isEqualTo("topsecret-2");
    }

    @Test
    void machines_of_somebody_else_are_named_by_their_label() {
        assertThat(read("takeOver: {web: service=shop}").settings().takeOver().labels())
                .isEqualTo(Map.of(new PoolName("web"), new TakeOver.Label("service", "shop")));
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        List<String> fields = problems("""
                projcet: weir-example
                project: X
                region: us-central1-a
                quotaProject: "-"
                credentials: {metadataServer: true, accessToken: literally-the-token}
                impersonate: {serviceAccount: pools, duration: 1m}
                endpoint: "ftp://me:secret@host"
                iamEndpoint: "https://host/v1"
                ca: no-such.pem
                timeout: 10ms
                atOnce: 0
                takeOver: {"No Pool": a=b, web: Old Pool, shop: goog-gke-node=x, one: a=b, two: a=b}
                """);

        assertThat(fields)
                .contains(
                        "projcet",
                        "project",
                        "region",
                        "quotaProject",
                        "credentials.accessToken",
                        "impersonate.serviceAccount",
                        "impersonate.duration",
                        "endpoint",
                        "iamEndpoint",
                        "ca",
                        "timeout",
                        "atOnce",
                        "takeOver.No Pool",
                        "takeOver.web",
                        "takeOver.shop",
                        "takeOver.two");
        assertThat(problems("{}")).contains("project", "region");
        assertThat(problems(WHERE + "credentials: {}")).contains("credentials.keyFile");
    }

    @Test
    void lag_lateness_and_addresses_are_googles_unless_said() {
        Compute.Settings plain = read("").settings();
        Compute.Settings said = read("{lag: 1s, lateness: 5s, endpoint: 'http://127.0.0.1:5000'}")
                .settings();

        assertThat(plain.lag()).isEqualTo(Duration.ofSeconds(30));
        assertThat(plain.lateness()).isEqualTo(Duration.ofMinutes(2));
        assertThat(plain.login().endpoints()).isEqualTo(Login.Endpoints.USUAL);
        assertThat(said.lag()).isEqualTo(Duration.ofSeconds(1));
        assertThat(said.lateness()).isEqualTo(Duration.ofSeconds(5));
        assertThat(said.login().endpoints().compute()).contains(URI.create("http://127.0.0.1:5000"));
    }

    @Test
    void a_time_out_that_nobody_would_wait_for_is_refused() {
        GceConnection connection = read("timeout: 20s");

        assertThatThrownBy(() -> connect(connection))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout");
    }

    @Test
    void a_connection_is_built_without_a_call_and_without_credentials() throws Exception {
        Files.writeString(folder.resolve("key.json"), "no key at all");
        CloudConnection connection = connect(read("credentials: {keyFile: key.json}"));

        assertThat(connection.driver().promises().batchMax()).isEqualTo(25);
        assertThat(connection.catalogs().since()).isEmpty();
        assertThat(connection.rates().byKind()).isNotEmpty();
    }

    private static CloudConnection connect(GceConnection connection) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return connection.connect(new Supplies(
                    "main",
                    InstantSource.system(),
                    InstantSource.system(),
                    threads,
                    RequestMeter.NONE,
                    Duration.ofSeconds(10)));
        }
    }

    /** @param yaml beside project and region; as one flow mapping or as lines */
    private GceConnection read(String yaml) {
        String all = yaml.startsWith("{")
                ? "{project: weir-example, region: us-central1, " + yaml.substring(1)
                : WHERE + yaml;
        Problems problems = new Problems();
        @Nullable
        GceConnection connection = Fields.read(
                StrictJson.yaml(all.getBytes(UTF_8)), problems, fields -> GceConnection.read(fields, folder));
        assertThat(problems.list()).isEmpty();
        return java.util.Objects.requireNonNull(connection);
    }

    private List<String> problems(String yaml) {
        Problems problems = new Problems();
        Fields.read(StrictJson.yaml(yaml.getBytes(UTF_8)), problems, fields -> GceConnection.read(fields, folder));
        return problems.list().stream().map(Problem::field).toList();
    }
}
