package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.driver.TemplateProblems.Problem;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.Market;
import io.weir.pool.PoolDocument.DataVolume;
import io.weir.pool.Template;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents against the catalogs of the fake's region, with the real SDK. */
class TemplatesTest {
    private final FakeTarget target = new FakeTarget(0);

    @AfterEach
    void stop() {
        target.close();
    }

    // The image

    @Test
    void a_name_means_the_newest_image_of_the_account() throws Exception {
        assertThat(frozen(Documents.PLAIN.image("weir-web-2026.*"))
                        .path("image")
                        .asText())
                .isEqualTo(ExampleRegion.IMAGE);
    }

    @Test
    void a_parameter_means_the_image_that_it_holds_now() throws Exception {
        JsonNode frozen = frozen(Documents.PLAIN.image("resolve:ssm:" + ExampleRegion.PARAMETER));

        assertThat(frozen.path("image").asText()).isEqualTo(ExampleRegion.PUBLIC_IMAGE);
    }

    @Test
    void an_image_of_another_owner_is_found_by_name_only_if_the_owner_is_named() throws Exception {
        Documents amazon = Documents.PLAIN.image("al2023-ami-*");

        assertThat(fields(amazon)).containsExactly("image");
        assertThat(frozen(amazon.section("{\"imageOwner\": \"amazon\"}"))
                        .path("image")
                        .asText())
                .isEqualTo(ExampleRegion.PUBLIC_IMAGE);
    }

    @ParameterizedTest
    @CsvSource({"ami-0123456789abcdef0", "no-such-image", "resolve:ssm:/no/such/parameter", "ami-zzz"})
    void an_image_that_is_not_there_is_told_by_its_field(String image) {
        assertThat(fields(Documents.PLAIN.image(image))).containsExactly("image");
    }

    // Choices

    @Test
    void choices_come_by_type_then_zone_and_only_where_a_type_is_offered() throws Exception {
        Template template = resolve(Documents.PLAIN.types("c5.large", "t3.micro"));

        assertThat(template.choices())
                .extracting(choice -> choice.machineType() + " " + choice.zone())
                .containsExactly(
                        "c5.large us-east-1a",
                        "c5.large us-east-1b",
                        "t3.micro us-east-1a",
                        "t3.micro us-east-1b",
                        "t3.micro us-east-1c");
        assertThat(template.cloudProvider()).isEqualTo("AWS-EC2");
    }

    @Test
    void a_type_that_the_wished_zones_do_not_offer_is_a_problem() {
        assertThat(fields(Documents.PLAIN.types("t3.micro", "c5.large").zones("us-east-1c")))
                .containsExactly("machineTypes[1]");
    }

    @Test
    void a_processor_that_the_image_is_not_for_is_a_problem() {
        assertThat(problems(Documents.PLAIN.types("t3.micro", "m6g.medium")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.field()).isEqualTo("machineTypes[1]");
                    assertThat(problem.text()).contains("arm64").contains("x86_64");
                });
    }

    @Test
    void spot_is_a_market_of_its_own() throws Exception {
        Template template = resolve(Documents.PLAIN.section("{\"market\": \"spot\", \"maxPrice\": \"0.01\"}"));

        assertThat(template.choices()).extracting(Choice::market).containsOnly(Market.SPOT);
        assertThat(template.cloudProvider()).isEqualTo("AWS-SPOT");
    }

    // Network

    @Test
    void zones_without_subnets_of_the_document_have_the_default_ones() throws Exception {
        JsonNode subnets = frozen(Documents.PLAIN).path("subnets");

        assertThat(subnets.path("us-east-1a").asText()).isEqualTo(ExampleRegion.SUBNET_A);
        assertThat(subnets.path("us-east-1c").asText()).isEqualTo(ExampleRegion.SUBNET_C);
    }

    @Test
    void named_subnets_are_the_zones() throws Exception {
        Template template = resolve(Documents.PLAIN.section("{\"subnets\": [\"" + ExampleRegion.SUBNET_B + "\"]}"));

        assertThat(template.choices()).extracting(Choice::zone).containsExactly("us-east-1b");
    }

    @Test
    void a_network_is_a_vpc_and_its_subnets() throws Exception {
        assertThat(resolve(Documents.PLAIN.network(ExampleRegion.VPC)).choices())
                .hasSize(3);
        assertThat(fields(Documents.PLAIN.network("vpc-0fffffffffffffff1"))).contains("network");
    }

    @Test
    void groups_are_found_by_id_and_by_name() throws Exception {
        JsonNode groups = frozen(Documents.PLAIN.section(
                        "{\"securityGroups\": [\"web\", \"" + ExampleRegion.DEFAULT_GROUP + "\"]}"))
                .path("groups");

        assertThat(groups)
                .extracting(JsonNode::asText)
                .containsExactly(ExampleRegion.GROUP, ExampleRegion.DEFAULT_GROUP);
    }

    // The launch template

    @Test
    void a_launch_template_is_pinned_to_a_version_and_gives_what_the_document_leaves_out() throws Exception {
        Template template = resolve(
                Documents.PLAIN
                        .withoutImageAndTypes()
                        .section(
                                "{\"publicIp\": \"subnet\", \"launchTemplate\": {\"name\": \"web\", \"version\": \"$Latest\"}}"));
        JsonNode frozen = json(template.frozen());

        assertThat(frozen.path("launchTemplate").path("id").asText()).isEqualTo(ExampleRegion.TEMPLATE);
        assertThat(frozen.path("launchTemplate").path("version").asText()).isEqualTo("2");
        assertThat(frozen.path("image").asText()).isEqualTo(ExampleRegion.IMAGE);
        assertThat(frozen.path("writtenOut").asBoolean()).isFalse();
        assertThat(frozen.path("groups")).isEmpty(); // they are the template's, and stay there
        assertThat(template.choices()).extracting(Choice::machineType).containsOnly("t3.small");
    }

    @Test
    void what_the_document_says_wins_over_the_launch_template() throws Exception {
        Template template =
                resolve(Documents.PLAIN.section("{\"publicIp\": \"subnet\", \"launchTemplate\": {\"name\": \"web\"}}"));

        assertThat(json(template.frozen())
                        .path("launchTemplate")
                        .path("version")
                        .asText())
                .isEqualTo("1");
        assertThat(json(template.frozen()).path("image").asText()).isEqualTo(ExampleRegion.IMAGE);
        assertThat(template.choices()).extracting(Choice::machineType).containsOnly("t3.micro");
    }

    @Test
    void a_launch_template_with_groups_of_the_instance_cannot_have_its_public_address_decided() {
        assertThat(fields(Documents.PLAIN.section("{\"launchTemplate\": {\"name\": \"web\"}}")))
                .containsExactly("aws.publicIp");
    }

    // Machines as they were meant

    @Test
    void session_tokens_are_required_unless_the_document_says_otherwise() throws Exception {
        assertThat(frozen(Documents.PLAIN).path("metadataTokens").asText()).isEqualTo("required");
        assertThat(frozen(Documents.PLAIN.section("{\"metadata\": {\"tokens\": \"optional\", \"hopLimit\": 2}}"))
                        .path("metadataTokens")
                        .asText())
                .isEqualTo("optional");
    }

    @Test
    void volumes_get_free_devices_and_end_with_the_machine() throws Exception {
        JsonNode disks = frozen(Documents.PLAIN
                        .volumes(new DataVolume(10, java.util.Optional.empty(), true))
                        .section(
                                "{\"rootVolume\": {\"sizeGb\": 20}, \"dataVolumes\": [{\"sizeGb\": 5, \"type\": \"io2\","
                                        + " \"iops\": 500, \"deleteOnTermination\": false}]}"))
                .path("disks");

        assertThat(disks)
                .extracting(disk -> disk.path("device").asText())
                .containsExactly("/dev/xvda", "/dev/sdf", "/dev/sdg");
        assertThat(disks)
                .extracting(disk -> disk.path("deleteOnTermination").asBoolean())
                .containsExactly(true, true, false);
        assertThat(disks.path(1).path("type").asText()).isEqualTo("gp3");
        assertThat(disks.path(1).path("encrypted").asBoolean()).isTrue();
    }

    // All at once

    @Test
    void everything_that_is_wrong_is_told_at_once_each_with_its_field() {
        Map<String, String> labels = new HashMap<>();
        labels.put("weir-pool", "mine");
        labels.put("aws:x", "y");
        labels.put("bell", "\u0007");
        labels.put("long", "x".repeat(257));
        Documents document = Documents.PLAIN
                .image("no-such-image")
                .types("t3.micro", "t9.huge", "t3.micro")
                .zones("us-east-1a", "eu-north-1a", "us-east-1a")
                .sshKey("no-such-key")
                .userData("x".repeat(16_385))
                .labels(labels)
                .volumes(new DataVolume(10, java.util.Optional.of("st1"), false))
                .section(
                        "{\"subnet\": \"x\", \"market\": \"spott\", \"imageOwner\": \"me\", \"securityGroups\": [\"no-such\"],"
                                + " \"launchTemplate\": {\"name\": \"none\"},"
                                + " \"rootVolume\": {\"type\": \"gp2\", \"iops\": 500}, \"shutdown\": \"sleep\"}");

        assertThat(fields(document))
                .contains(
                        "image",
                        "machineTypes[1]",
                        "machineTypes[2]",
                        "zones[1]",
                        "zones[2]",
                        "sshKey",
                        "userData",
                        "labels.weir-pool",
                        "labels.aws:x",
                        "labels.bell",
                        "labels.long",
                        "dataVolumes[0].sizeGb",
                        "aws.subnet",
                        "aws.market",
                        "aws.imageOwner",
                        "aws.shutdown",
                        "aws.rootVolume.iops",
                        "aws.securityGroups[0]",
                        "aws.launchTemplate");
    }

    @Test
    void user_data_of_exactly_the_limit_is_taken() throws Exception {
        assertThat(resolve(Documents.PLAIN.userData("x".repeat(16_384))).choices())
                .isNotEmpty();
    }

    @Test
    void a_root_smaller_than_the_image_is_a_problem() {
        assertThat(fields(Documents.PLAIN.section("{\"rootVolume\": {\"sizeGb\": 4}}")))
                .containsExactly("aws.rootVolume.sizeGb");
    }

    @Test
    void what_only_a_dry_run_tells_is_a_problem_of_its_field() {
        assertThat(fields(Documents.PLAIN.section("{\"instanceProfile\": \"no-such-profile\"}")))
                .containsExactly("aws.instanceProfile");
    }

    @Test
    void a_permission_that_misses_is_no_fault_of_the_document() {
        target.fake.cloud().turn(turn -> turn.denied = Set.of("ec2:RunInstances"));

        assertThatThrownBy(() -> resolve(Documents.PLAIN))
                .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(FailureKind.UNAUTHORIZED));
    }

    @Test
    void resolving_launches_nothing() throws Exception {
        resolve(Documents.PLAIN);

        assertThat(target.fake.cloud().ledger()).isEmpty();
    }

    // What is remembered

    @Test
    void a_catalog_is_asked_once_in_ten_minutes_and_again_when_something_misses() throws Exception {
        resolve(Documents.PLAIN);
        int asked = target.fake.calls().all().size();
        resolve(Documents.PLAIN);
        assertThat(target.fake.calls().all()).hasSize(asked);
        assertThat(target.ec2.catalogs().since()).contains(Bench.START);

        assertThat(fields(Documents.PLAIN.image("weir-web-2026.03"))).containsExactly("image");
        assertThat(target.fake.calls().all().size()).isGreaterThan(asked);

        int later = target.fake.calls().all().size();
        target.pass(Duration.ofMinutes(10));
        resolve(Documents.PLAIN);
        assertThat(target.fake.calls().all().size()).isGreaterThan(later);
    }

    @Test
    void an_operators_refresh_forgets_all() throws Exception {
        resolve(Documents.PLAIN);
        int asked = target.fake.calls().all().size();

        target.ec2.catalogs().forget();
        assertThat(target.ec2.catalogs().since()).isEmpty();
        resolve(Documents.PLAIN);

        assertThat(target.fake.calls().all()).hasSize(2 * asked);
    }

    private Template resolve(Documents document) throws Exception {
        return target.driver().resolve(document.document());
    }

    private JsonNode frozen(Documents document) throws Exception {
        return json(resolve(document).frozen());
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    private List<Problem> problems(Documents document) {
        TemplateProblems problems = catchThrowableOfType(TemplateProblems.class, () -> resolve(document));
        assertThat(problems).isNotNull();
        return problems.problems();
    }

    private List<String> fields(Documents document) {
        return problems(document).stream().map(Problem::field).toList();
    }
}
