package io.weir.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cloud.ConnectionSettings;
import io.weir.openstack.nova.Account;
import io.weir.service.json.Fields;
import io.weir.service.json.Problem;
import io.weir.service.json.Problems;
import io.weir.service.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a connection is read, wherever its account stands. */
class OpenstackTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Problems problems = new Problems();

    private OpenstackSettings read(String yaml) {
        JsonNode node = StrictJson.yaml(yaml.getBytes(StandardCharsets.UTF_8));
        ConnectionSettings settings =
                Fields.read(node, problems, fields -> new Openstack(environment).connection(fields, folder));
        return (OpenstackSettings) java.util.Objects.requireNonNull(settings);
    }

    private List<String> told() {
        return problems.list().stream().map(Problem::toString).toList();
    }

    private static Account.Password password(OpenstackSettings settings) {
        return (Account.Password) settings.account().proof();
    }

    @Test
    void an_account_in_the_connection_takes_its_secrets_by_reference_and_reads_them_anew() throws IOException {
        Path secret = Files.writeString(folder.resolve("password"), "first\n");
        OpenstackSettings settings = read("""
            authUrl: http://127.0.0.1:5000/v3
            username: weir
            userDomain: Default
            password: file:%s
            project: web
            projectDomain: Default
            region: RegionOne
            """.formatted(secret));
        assertThat(told()).isEmpty();
        assertThat(password(settings).password()).isEqualTo("first");

        Files.writeString(secret, "second\n");

        assertThat(password(settings).password()).isEqualTo("second");
        assertThat(settings.toString()).doesNotContain("first", "second");
    }

    @Test
    void a_literal_secret_is_refused_without_being_shown() {
        read("""
            authUrl: http://127.0.0.1:5000
            username: weir
            password: sesame
            project: web
            region: RegionOne
            """);

        assertThat(told()).anyMatch(text -> text.startsWith("password: must be a reference"));
        assertThat(told().toString()).doesNotContain("sesame");
    }

    @Test
    void a_cloud_of_clouds_yaml_is_read_with_the_secure_one_beside_it() throws IOException {
        Files.writeString(folder.resolve("clouds.yaml"), """
            clouds:
              mine:
                region_name: RegionOne
                interface: internal
                cacert: /etc/ssl/mine.pem
                auth:
                  auth_url: https://keystone.example.com
                  application_credential_id: cred-1
                auth_type: v3applicationcredential
            """);
        Files.writeString(folder.resolve("secure.yaml"), """
            clouds:
              mine:
                auth:
                  application_credential_secret: sesame
            """);

        OpenstackSettings settings = read("cloud: mine");

        assertThat(told()).isEmpty();
        assertThat(settings.region()).isEqualTo("RegionOne");
        assertThat(settings.ca()).contains(Path.of("/etc/ssl/mine.pem"));
        assertThat(settings.account().face()).isEqualTo("internal");
        assertThat(settings.account().proof()).isInstanceOfSatisfying(Account.ApplicationCredential.class, given -> {
            assertThat(given.id()).contains("cred-1");
            assertThat(given.secret()).isEqualTo("sesame");
        });
    }

    @Test
    void without_a_word_of_its_own_a_connection_is_that_of_the_environment() {
        environment.putAll(Map.of(
                "OS_AUTH_URL", "http://127.0.0.1:5000/v3",
                "OS_USERNAME", "demo",
                "OS_PASSWORD", "sesame",
                "OS_PROJECT_NAME", "demo",
                "OS_USER_DOMAIN_NAME", "Default",
                "OS_PROJECT_DOMAIN_NAME", "Default",
                "OS_REGION_NAME", "RegionOne"));

        OpenstackSettings settings = read("{}");

        assertThat(told()).isEmpty();
        assertThat(password(settings).user().name()).contains("demo");
        assertThat(settings.region()).isEqualTo("RegionOne");
    }

    @Test
    void os_cloud_names_a_cloud_and_the_connection_may_move_its_region() throws IOException {
        Path file = Files.writeString(folder.resolve("elsewhere.yaml"), """
            clouds:
              mine:
                region_name: RegionOne
                auth: {auth_url: http://127.0.0.1:5000, username: a, password: b, project_name: c}
            """);
        environment.put("OS_CLOUD", "mine");
        environment.put("OS_CLIENT_CONFIG_FILE", file.toString());

        assertThat(read("region: RegionTwo").region()).isEqualTo("RegionTwo");
        assertThat(told()).isEmpty();
    }

    @Test
    void every_problem_is_told_at_once_with_its_field() {
        read("""
            authUrl: keystone.example.com
            username: weir
            interface: outside
            endpoints: {compute: "nova"}
            takeOver: {"No Pool": Old}
            callsAtOnce: 0
            noSuchField: 1
            """);

        assertThat(told())
                .anyMatch(text -> text.startsWith("region: is missing"))
                .anyMatch(text -> text.startsWith("interface: must be one of public, internal, admin"))
                .anyMatch(text -> text.startsWith("endpoints.compute: must be an http or https address"))
                .anyMatch(text -> text.startsWith("takeOver.No Pool"))
                .anyMatch(text -> text.startsWith("callsAtOnce"))
                .anyMatch(text -> text.startsWith("noSuchField: is not a known field"));
    }

    @Test
    void what_an_account_lacks_is_told_by_the_name_that_it_has_in_the_connection() {
        read("""
            authUrl: keystone.example.com
            username: weir
            region: RegionOne
            """);

        assertThat(told())
                .anyMatch(text -> text.startsWith("password: is missing"))
                .anyMatch(text -> text.startsWith("authUrl: must be an http or https address of Keystone"));
    }

    @Test
    void a_cloud_that_is_not_there_is_told_with_those_that_are() throws IOException {
        Files.writeString(folder.resolve("clouds.yaml"), "clouds: {one: {}, two: {}}");

        read("cloud: three");

        assertThat(told()).singleElement().satisfies(text -> assertThat(text)
                .startsWith("cloud: ")
                .contains("has no cloud \"three\"; it has one, two"));
    }

    @Test
    void nothing_at_all_says_what_to_do() {
        read("{}");

        assertThat(told()).anyMatch(text -> text.contains("name a cloud of clouds.yaml, or write authUrl"));
    }

    @Test
    void pools_to_take_over_are_known_by_the_name_that_elastisys_gave_them() {
        environment.putAll(Map.of(
                "OS_AUTH_URL", "http://127.0.0.1:5000", "OS_REGION_NAME", "R", "OS_TOKEN", "t", "OS_PROJECT_ID", "p"));

        OpenstackSettings settings = read("takeOver: {web: Old Pool}");

        assertThat(told()).isEmpty();
        assertThat(settings.takeOver()).containsKey("Old Pool");
        assertThat(settings.account().proof()).isInstanceOf(Account.GivenToken.class);
    }

    @Test
    void the_example_can_be_read() throws IOException {
        JsonNode example = StrictJson.yaml(new Openstack(environment).example().getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("clouds.yaml"), """
            clouds:
              mycloud:
                region_name: RegionOne
                auth: {auth_url: http://127.0.0.1:5000, username: a, password: b, project_name: c}
            """);

        read(example.path("connections").path("default").toString());
        Fields.read(example.path("pools").path("web").path("openstack"), problems, fields -> {
            new Openstack(environment).section(fields);
            return "";
        });

        assertThat(told()).isEmpty();
    }
}
