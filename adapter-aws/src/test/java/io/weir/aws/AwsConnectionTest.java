package io.weir.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.aws.ec2.Ec2;
import io.weir.aws.ec2.Login;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.RequestMeter;
import io.weir.cloud.Supplies;
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

class AwsConnectionTest {
    @TempDir
    Path folder;

    @Test
    void the_example_can_be_read() {
        Problems problems = new Problems();
        Fields.read(StrictJson.yaml(new Aws().example().getBytes(UTF_8)), problems, fields -> {
            fields.requiredString("cloud", 10);
            Map<String, Object> connections = fields.map("connections", 10, one -> new Aws().connection(one, folder));
            Map<String, PoolDocument> pools =
                    fields.map("pools", 10, new io.weir.http.Documents("aws", new Aws()::section)::read);
            assertThat(connections).hasSize(1);
            assertThat(pools).hasSize(1);
            return fields;
        });

        assertThat(problems.list()).isEmpty();
    }

    @Test
    void every_way_to_credentials_is_read() {
        assertThat(read("region: eu-north-1").settings().login().credentials())
                .isInstanceOf(Login.Credentials.Usual.class);
        assertThat(read("credentials: {profile: weir}").settings().login().credentials())
                .isEqualTo(new Login.Credentials.Profile("weir"));
        assertThat(read("credentials: {webIdentity: {role: 'arn:aws:iam::123456789012:role/w', tokenFile: token}}")
                        .settings()
                        .login()
                        .credentials())
                .isEqualTo(new Login.Credentials.WebIdentity(
                        "arn:aws:iam::123456789012:role/w", folder.resolve("token"), "weir"));
        Login assumed =
                read("assumeRole: {role: 'arn:aws:iam::123456789012:role/pools', externalId: x-4711, duration: 30m}")
                        .settings()
                        .login();
        assertThat(assumed.role()).hasValueSatisfying(role -> {
            assertThat(role.externalId()).contains("x-4711");
            assertThat(role.lasts()).isEqualTo(Duration.ofMinutes(30));
        });
    }

    @Test
    void a_secret_is_read_when_it_is_needed_and_never_shown() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "topsecret-1\n");
        AwsConnection connection = read("""
                credentials: {accessKeyId: AKIDEXAMPLE, secretAccessKey: "file:%s"}
                assumeRole: {role: "arn:aws:iam::123456789012:role/pools", externalId: outside-4711}
                """.formatted(secret));

        assertThat(connection.toString())
                .contains("AKIDEXAMPLE")
                .doesNotContain("topsecret")
                .doesNotContain("outside-4711");
        Login.Credentials.Keys keys =
                (Login.Credentials.Keys) connection.settings().login().credentials();
        assertThat(keys.secret().get()).isEqualTo("topsecret-1");
        Files.writeString(secret, "topsecret-2\n");
        assertThat(keys.secret().get()).isEqualTo("topsecret-2");
    }

    @Test
    void one_endpoint_is_for_all_services_and_each_may_have_its_own() {
        Login login = read("""
                endpoint: http://127.0.0.1:5000
                endpoints: {sts: "https://sts.eu-north-1.amazonaws.com"}
                """).settings().login();

        assertThat(login.endpoints().ec2()).contains(URI.create("http://127.0.0.1:5000"));
        assertThat(login.endpoints().ssm()).contains(URI.create("http://127.0.0.1:5000"));
        assertThat(login.endpoints().sts()).contains(URI.create("https://sts.eu-north-1.amazonaws.com"));
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        List<String> fields = problems("""
                regoin: eu-north-1
                region: Stockholm
                credentials: {profile: a, accessKeyId: AKID, secretAccessKey: literally-the-secret}
                assumeRole: {role: pools, duration: 1m}
                endpoint: "ftp://me:secret@host"
                ca: no-such.pem
                timeout: 10ms
                """);

        assertThat(fields)
                .contains(
                        "regoin",
                        "region",
                        "credentials.secretAccessKey",
                        "assumeRole.role",
                        "assumeRole.duration",
                        "endpoint",
                        "ca",
                        "timeout");
    }

    @Test
    void pools_to_take_over_are_known_by_their_old_names_and_lag_and_lateness_are_ec2s_unless_said() {
        Ec2.Settings plain = read("region: eu-north-1").settings();
        Ec2.Settings said =
                read("{takeOver: {web: Old Pool}, lag: 1s, lateness: 5s}").settings();

        assertThat(plain.takeOver().pools()).isEmpty();
        assertThat(plain.lag()).isEqualTo(Duration.ofMinutes(1));
        assertThat(plain.lateness()).isEqualTo(Duration.ofMinutes(2));
        assertThat(said.takeOver().pools()).containsEntry("Old Pool", new PoolName("web"));
        assertThat(said.lag()).isEqualTo(Duration.ofSeconds(1));
        assertThat(said.lateness()).isEqualTo(Duration.ofSeconds(5));
        assertThat(problems("{takeOver: {No Pool: x}}")).contains("takeOver.No Pool");
    }

    @Test
    void a_time_out_that_nobody_would_wait_for_is_refused() {
        AwsConnection connection = read("{region: eu-north-1, timeout: 20s}");

        assertThatThrownBy(() -> connect(connection))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout");
    }

    @Test
    void a_connection_is_built_without_a_call() {
        CloudConnection connection = connect(read("{region: eu-north-1, endpoint: 'http://127.0.0.1:1'}"));

        assertThat(connection.driver().promises().batchMax()).isEqualTo(100);
        assertThat(connection.catalogs().since()).isEmpty();
        assertThat(connection.rates().byKind()).isNotEmpty();
    }

    private static CloudConnection connect(AwsConnection connection) {
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

    private AwsConnection read(String yaml) {
        Problems problems = new Problems();
        @Nullable
        AwsConnection connection = Fields.read(
                StrictJson.yaml(yaml.getBytes(UTF_8)), problems, fields -> AwsConnection.read(fields, folder));
        assertThat(problems.list()).isEmpty();
        return java.util.Objects.requireNonNull(connection);
    }

    private List<String> problems(String yaml) {
        Problems problems = new Problems();
        Fields.read(StrictJson.yaml(yaml.getBytes(UTF_8)), problems, fields -> AwsConnection.read(fields, folder));
        return problems.list().stream().map(Problem::field).toList();
    }
}
