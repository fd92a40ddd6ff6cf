package io.weir.gce.compute;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static io.weir.gce.compute.Wire.ROOT;
import static io.weir.gce.compute.Wire.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.NetworkInterface;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.gce.Gce;
import io.weir.guard.ForgetfulDriver;
import io.weir.http.Documents;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.Market;
import io.weir.pool.PoolDocument;
import io.weir.pool.Template;
import io.weir.service.json.Fields;
import io.weir.service.json.StrictJson;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents against catalogs that are answered by hand: two zones, an image and its family, networks, disk types, a template. */
class GceTemplatesTest {
    private static final String LEAST = "image: debian-cloud/debian-12-v1\nmachineTypes: [e2-small]\n";
    private static final String LINK = "https://www.googleapis.com/compute/v1/projects/";

    private static final List<String> SECTION = List.of(
            "provisioning",
            "imageProject",
            "subnetwork",
            "networkTier",
            "tags",
            "serviceAccount",
            "startupScript",
            "metadata",
            "shielded",
            "bootDisk",
            "dataDisks",
            "instanceTemplate",
            "noSuchKey");

    private final Wire wire = new Wire();

    @BeforeEach
    void catalogs() {
        wire.answers(
                get(urlPathMatching("/compute/v1/.*")).atPriority(10), Wire.error(404, "notFound", "was not found"));
        for (String zone : List.of("us-central1-a", "us-central1-b")) {
            there("zones/" + zone + "/machineTypes/e2-small", "machineType", "\"architecture\": \"X86_64\"");
            there("zones/" + zone + "/diskTypes/pd-balanced", "diskType", "");
        }
        there("zones/us-central1-b/machineTypes/t2a-standard-1", "machineType", "\"architecture\": \"ARM64\"");
        there("zones/us-central1-a/diskTypes/pd-extreme", "diskType", "");
        there("global/networks/default", "network", "\"autoCreateSubnetworks\": true");
        there("global/networks/web", "network", "\"autoCreateSubnetworks\": false");
        there(
                "regions/us-central1/subnetworks/web",
                "subnetwork",
                "\"network\": \"" + LINK + "weir-example/global/networks/web\"");
        image("debian-cloud", "images/debian-12-v1", "debian-12-v1", "");
        image("debian-cloud", "images/family/debian-12", "debian-12-v1", "");
        image("weir-example", "images/old", "old", ", \"deprecated\": {\"state\": \"OBSOLETE\"}");
        there("global/instanceTemplates/web", "instanceTemplate", """
                "properties": {"machineType": "e2-small",
                 "labels": {"team": "from-template", "tier": "front"},
                 "metadata": {"items": [{"key": "enable-oslogin", "value": "TRUE"}, {"key": "user-data", "value": "old"}]},
                 "disks": [{"boot": true, "autoDelete": true,
                            "initializeParams": {"sourceImage": "projects/p/global/images/i"}}],
                 "networkInterfaces": [{"network": "global/networks/default"}]}""");
        there("global/instanceTemplates/spot", "instanceTemplate", """
                "properties": {"machineType": "e2-small", "scheduling": {"provisioningModel": "SPOT"},
                 "disks": [{"boot": true}], "networkInterfaces": [{"network": "global/networks/default"}]}""");
    }

    @AfterEach
    void stop() {
        wire.close();
    }

    // Images

    @Test
    void an_image_and_the_newest_of_a_family_are_pinned_to_a_name() throws Exception {
        for (String text : List.of(
                "debian-cloud/debian-12-v1",
                "debian-cloud/debian-12",
                "debian-cloud/family/debian-12",
                "projects/debian-cloud/global/images/debian-12-v1",
                "https://compute.googleapis.com/compute/v1/projects/debian-cloud/global/images/family/debian-12")) {
            assertThat(instance("image: " + text + "\nmachineTypes: [e2-small]")
                            .getDisks(0)
                            .getInitializeParams()
                            .getSourceImage())
                    .as(text)
                    .isEqualTo("projects/debian-cloud/global/images/debian-12-v1");
        }
        assertThat(instance("image: debian-12\nmachineTypes: [e2-small]\ngce: {imageProject: debian-cloud}")
                        .getDisks(0)
                        .getInitializeParams()
                        .getSourceImage())
                .endsWith("/debian-12-v1");
    }

    @Test
    void an_image_that_is_not_there_or_is_obsolete_is_a_problem() {
        assertThat(problems("image: debian-12\nmachineTypes: [e2-small]")).containsExactly("image");
        assertThat(problems("image: old\nmachineTypes: [e2-small]")).containsExactly("image");
        assertThat(problems("machineTypes: [e2-small]")).containsExactly("image");
    }

    // Choices

    @Test
    void choices_are_the_types_in_their_order_in_each_zone_that_has_them() throws Exception {
        assertThat(template(LEAST).choices())
                .extracting(Choice::zone)
                .containsExactly("us-central1-a", "us-central1-b");
        assertThat(template(LEAST + "zones: [us-central1-b]").choices())
                .extracting(Choice::zone)
                .containsExactly("us-central1-b");
        assertThat(template(LEAST + "gce: {provisioning: spot}").choices())
                .extracting(Choice::market)
                .containsOnly(Market.SPOT);
    }

    @Test
    void an_ai_zone_is_for_those_who_name_it() throws Exception {
        wire.answers(get(urlPathEqualTo(ROOT + "regions/us-central1")), json(200, """
                {"kind": "compute#region", "name": "us-central1", "status": "UP", "zones": [
                 "https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-a",
                 "https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-ai1a"]}"""));
        there("zones/us-central1-ai1a/machineTypes/e2-small", "machineType", "");

        assertThat(template(LEAST).choices()).extracting(Choice::zone).containsExactly("us-central1-a");
        assertThat(template(LEAST + "zones: [us-central1-ai1a]").choices())
                .extracting(Choice::zone)
                .containsExactly("us-central1-ai1a");
    }

    @Test
    void a_zone_that_cannot_be_asked_stops_no_other_and_is_taken_for_one_that_has_everything() throws Exception {
        zone("us-central1-b", Wire.error(503, "backendError", "no"));

        assertThat(template(LEAST + "gce: {bootDisk: {type: pd-balanced}}").choices())
                .extracting(Choice::zone)
                .containsExactly("us-central1-a", "us-central1-b");

        assertThat(wire.asked(ROOT + "zones/us-central1-b/.*"))
                .as("each question may take its time-out")
                .hasSize(1);

        assertThat(problems("image: debian-cloud/debian-12\nmachineTypes: [x9-huge, e2-small]"))
                .as("the other zone may have it")
                .isEmpty();
    }

    @Test
    void where_no_zone_can_be_asked_nothing_is_said_of_the_document() {
        zone("us-central1-a", Wire.error(503, "backendError", "no"));
        zone("us-central1-b", Wire.error(503, "backendError", "no"));

        assertThat(catchThrowableOfType(CloudException.class, () -> template(LEAST)))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    private void zone(String name, ResponseDefinitionBuilder answer) {
        wire.answers(get(urlPathMatching(ROOT + "zones/" + name + "/.*")).atPriority(1), answer);
    }

    @Test
    void types_and_zones_that_are_not_there_are_repeated_or_do_not_fit_are_problems() {
        assertThat(problems(
                        "image: debian-cloud/debian-12\nmachineTypes: [e2-small, e2-small, x9-huge, t2a-standard-1]\n"
                                + "zones: [us-central1-b, us-central1-b, us-west1-a]"))
                .containsExactly("zones[1]", "zones[2]", "machineTypes[1]", "machineTypes[2]", "machineTypes[3]");
    }

    // Network

    @Test
    void a_machine_has_no_external_address_unless_it_is_wished() throws Exception {
        NetworkInterface plain = instance(LEAST).getNetworkInterfaces(0);
        assertThat(plain.getNetwork()).isEqualTo("projects/weir-example/global/networks/default");
        assertThat(plain.getAccessConfigsList()).isEmpty();

        NetworkInterface open = instance(LEAST + "publicAddress: true\ngce: {networkTier: standard}")
                .getNetworkInterfaces(0);
        assertThat(open.getAccessConfigs(0).getType()).isEqualTo("ONE_TO_ONE_NAT");
        assertThat(open.getAccessConfigs(0).getNetworkTier()).isEqualTo("STANDARD");
    }

    @Test
    void a_subnetwork_is_taken_by_name_and_brings_its_network() throws Exception {
        NetworkInterface card = instance(LEAST + "gce: {subnetwork: web}").getNetworkInterfaces(0);

        assertThat(card.getSubnetwork()).isEqualTo("projects/weir-example/regions/us-central1/subnetworks/web");
        assertThat(card.getNetwork()).isEqualTo("projects/weir-example/global/networks/web");
    }

    @Test
    void networks_that_cannot_be_used_are_problems_with_their_field() {
        assertThat(problems(LEAST + "network: nowhere")).containsExactly("network");
        assertThat(problems(LEAST + "network: web")).containsExactly("gce.subnetwork");
        assertThat(problems(LEAST + "network: default\ngce: {subnetwork: web}")).containsExactly("gce.subnetwork");
        assertThat(problems(LEAST + "gce: {subnetwork: nowhere}")).containsExactly("gce.subnetwork");
        assertThat(problems(LEAST + "gce: {subnetwork: projects/p/regions/us-west1/subnetworks/web}"))
                .containsExactly("gce.subnetwork");
        assertThat(problems(LEAST + "gce: {networkTier: premium}")).containsExactly("gce.networkTier");
    }

    // The rest

    @Test
    void user_data_script_keys_and_metadata_are_metadata() throws Exception {
        Instance instance = instance(LEAST + """
                userData: "#cloud-config"
                sshKey: "anna:ssh-ed25519 AAAAC3Nza anna@example.com"
                gce:
                  startupScript: "#!/bin/sh"
                  metadata: {enable-oslogin: "TRUE"}
                  tags: [web, http-server]
                  serviceAccount: {email: web@weir-example.iam.gserviceaccount.com, scopes: [devstorage.read_only]}
                  shielded: {secureBoot: true}
                """);

        assertThat(instance.getMetadata().getItemsList())
                .extracting(Items::getKey)
                .containsExactly("enable-oslogin", "ssh-keys", "startup-script", "user-data");
        assertThat(instance.getTags().getItemsList()).containsExactly("web", "http-server");
        assertThat(instance.getServiceAccounts(0).getScopesList())
                .containsExactly("https://www.googleapis.com/auth/devstorage.read_only");
        assertThat(instance.getShieldedInstanceConfig().getEnableSecureBoot()).isTrue();
        assertThat(instance.getShieldedInstanceConfig().hasEnableVtpm()).isFalse();
    }

    @Test
    void what_compute_engine_could_not_carry_is_refused_and_never_changed() {
        assertThat(problems(LEAST + "labels: {Team: web, weir-x: a, goog-x: b, note: Has Spaces, long: "
                        + "a".repeat(64) + "}"))
                .containsExactly("labels.Team", "labels.goog-x", "labels.long", "labels.note", "labels.weir-x");
        assertThat(problems(LEAST + "userData: " + "a".repeat(262_145))).containsExactly("userData");
        assertThat(problems(LEAST + "sshKey: my-key")).containsExactly("sshKey");
        assertThat(problems(
                        LEAST + "sshKey: 'anna:ssh-ed25519 AAAA'\ngce: {metadata: {ssh-keys: 'bob:ssh-ed25519 AAAA'}}"))
                .containsExactly("sshKey");
        assertThat(problems(LEAST + "gce: {metadata: {user-data: x}, tags: [Web], noSuchKey: 1}"))
                .containsExactlyInAnyOrder("gce.metadata.user-data", "gce.tags[0]", "gce.noSuchKey");
    }

    @Test
    void disks_are_made_with_the_machine_in_their_order_and_of_types_that_every_zone_has() throws Exception {
        Instance instance = instance(LEAST + """
                dataVolumes: [{sizeGb: 50, type: pd-balanced, encrypted: true}]
                gce:
                  bootDisk: {sizeGb: 30, kmsKey: projects/p/locations/l/keyRings/r/cryptoKeys/k}
                  dataDisks: [{snapshot: golden, autoDelete: false}]
                """);

        assertThat(instance.getDisksCount()).isEqualTo(3);
        assertThat(instance.getDisks(0).getBoot()).isTrue();
        assertThat(instance.getDisks(0).getDiskEncryptionKey().getKmsKeyName()).endsWith("/k");
        assertThat(instance.getDisks(1).getInitializeParams().getDiskSizeGb()).isEqualTo(50);
        assertThat(instance.getDisks(1).getDeviceName()).isEqualTo("data-1");
        assertThat(instance.getDisks(2).getInitializeParams().getSourceSnapshot())
                .isEqualTo("projects/weir-example/global/snapshots/golden");
        assertThat(instance.getDisks(2).getAutoDelete()).isFalse();

        assertThat(problems(LEAST + "dataVolumes: [{sizeGb: 50, type: pd-extreme}]\n"
                        + "gce: {bootDisk: {sizeGb: 5, type: none-such}, dataDisks: [{type: pd-balanced}]}"))
                .containsExactlyInAnyOrder(
                        "dataVolumes[0].type", "gce.bootDisk.sizeGb", "gce.bootDisk.type", "gce.dataDisks[0].sizeGb");
        assertThat(problems(LEAST + "zones: [us-central1-a]\ndataVolumes: [{sizeGb: 50, type: pd-extreme}]"))
                .isEmpty();
    }

    // Instance templates

    @Test
    void a_document_is_laid_over_an_instance_template() throws Exception {
        LaunchParameters frozen = frozen("labels: {team: web}\nuserData: new\ngce: {instanceTemplate: web}");

        assertThat(frozen.template()).contains("projects/weir-example/global/instanceTemplates/web");
        Instance instance = frozen.instance();
        assertThat(instance.getLabelsMap()).containsEntry("team", "web").containsEntry("tier", "front");
        assertThat(instance.getMetadata().getItemsList())
                .extracting(Items::getValue)
                .containsExactly("TRUE", "new");
        assertThat(instance.getDisksList()).isEmpty();
        assertThat(instance.getNetworkInterfacesList()).isEmpty();
        assertThat(template("gce: {instanceTemplate: web}").choices())
                .extracting(Choice::machineType)
                .containsOnly("e2-small");
    }

    @Test
    void what_an_instance_template_decides_and_what_a_pool_cannot_keep_are_problems() {
        assertThat(problems("gce: {instanceTemplate: nowhere}\n" + LEAST)).containsExactly("gce.instanceTemplate");
        assertThat(problems("gce: {instanceTemplate: spot}")).containsExactly("gce.instanceTemplate");
        assertThat(problems("gce: {instanceTemplate: web}\npublicAddress: true"))
                .containsExactly("publicAddress");
        assertThat(problems("gce: {instanceTemplate: web}\ndataVolumes: [{sizeGb: 5}]"))
                .containsExactly("dataVolumes");
    }

    @Test
    void a_name_that_none_can_have_is_a_problem_with_its_field_and_is_not_asked_for() {
        wire.answers(
                get(urlPathMatching("/compute/v1/.*")).atPriority(9),
                Wire.error(400, "invalid", "Invalid value for field 'x'"));
        for (String odd : List.of("Debian 12", "a/b/c", "Images/web", "..", "web?x=1")) {
            assertThat(problems("image: '" + odd + "'\nmachineTypes: [e2-small]"))
                    .as(odd)
                    .containsExactly("image");
            assertThat(problems("image: debian-cloud/debian-12-v1\nmachineTypes: ['" + odd + "']"))
                    .as(odd)
                    .containsExactly("machineTypes[0]");
            assertThat(problems(LEAST + "network: '" + odd + "'")).as(odd).containsExactly("network");
            assertThat(problems(LEAST + "gce: {subnetwork: '" + odd + "'}"))
                    .as(odd)
                    .containsExactly("gce.subnetwork");
            assertThat(problems(LEAST + "gce: {instanceTemplate: '" + odd + "'}"))
                    .as(odd)
                    .containsExactly("gce.instanceTemplate");
            assertThat(problems(LEAST + "gce: {bootDisk: {type: '" + odd + "'}}"))
                    .as(odd)
                    .containsExactly("gce.bootDisk.type");
        }
    }

    @Test
    void paths_without_their_project_are_of_the_connections() throws Exception {
        image("weir-example", "images/web", "web", "");
        assertThat(instance("image: global/images/web\nmachineTypes: [e2-small]\nnetwork: global/networks/default")
                        .getDisks(0)
                        .getInitializeParams()
                        .getSourceImage())
                .isEqualTo("projects/weir-example/global/images/web");
        assertThat(instance("image: family/debian-12\nmachineTypes: [e2-small]\ngce: {imageProject: debian-cloud}")
                        .getDisks(0)
                        .getInitializeParams()
                        .getSourceImage())
                .endsWith("/debian-12-v1");
        assertThat(instance(LEAST + "gce: {subnetwork: regions/us-central1/subnetworks/web}")
                        .getNetworkInterfaces(0)
                        .getSubnetwork())
                .isEqualTo("projects/weir-example/regions/us-central1/subnetworks/web");
        assertThat(frozen("gce: {instanceTemplate: global/instanceTemplates/web}")
                        .template())
                .contains("projects/weir-example/global/instanceTemplates/web");
    }

    @Test
    void only_a_boot_disk_beside_an_instance_template_is_told_by_its_own_field() {
        assertThat(problems("gce: {instanceTemplate: web, bootDisk: {sizeGb: 50}}"))
                .containsExactly("gce.bootDisk");
    }

    @Test
    void what_the_instance_template_brings_counts_too() {
        there(
                "global/instanceTemplates/many",
                "instanceTemplate",
                "\"properties\": {\"machineType\": \"e2-small\", \"labels\": {"
                        + IntStream.range(0, 60)
                                .mapToObj(i -> "\"l" + i + "\": \"x\"")
                                .collect(Collectors.joining(","))
                        + "}, \"disks\": [{\"boot\": true}], \"networkInterfaces\": [{\"network\": \"global/networks/default\"}]}");
        assertThat(problems("labels: {one-more: x}\ngce: {instanceTemplate: many}"))
                .containsExactly("labels");
        assertThat(problems(LEAST + "userData: " + "a".repeat(200_000) + "\ngce: {startupScript: " + "b".repeat(200_000)
                        + ", metadata: {more: " + "c".repeat(200_000) + "}}"))
                .containsExactly("gce.metadata");
    }

    @Test
    void what_only_one_machine_can_have_is_none_of_a_pools() {
        String boot = "{\"boot\": true, \"initializeParams\": {\"sourceImage\": \"i\"}}";
        String card = "{\"network\": \"global/networks/default\"}";
        instanceTemplate("rw", boot + ", {\"source\": \"data\", \"mode\": \"READ_WRITE\"}", card);
        instanceTemplate("there", boot + ", {\"source\": \"data\"}", card);
        instanceTemplate("named", "{\"boot\": true, \"initializeParams\": {\"diskName\": \"boot\"}}", card);
        instanceTemplate("inside", boot, "{\"networkIP\": \"10.0.0.7\"}");
        instanceTemplate("outside", boot, "{\"accessConfigs\": [{\"natIP\": \"203.0.113.7\"}]}");
        for (String one : List.of("rw", "there", "named", "inside", "outside")) {
            String section = "gce: {instanceTemplate: " + one + "}";

            assertThat(problems(section)).as(one).containsExactly("gce.instanceTemplate");
            assertThat(problems("image: debian-cloud/debian-12\nnetwork: default\n" + section))
                    .as(one + ", replaced")
                    .isEmpty();
        }
        instanceTemplate("shared", boot + ", {\"source\": \"shared\", \"mode\": \"READ_ONLY\"}", card);
        assertThat(problems("gce: {instanceTemplate: shared}")).isEmpty();
    }

    private void instanceTemplate(String name, String disks, String card) {
        there(
                "global/instanceTemplates/" + name,
                "instanceTemplate",
                "\"properties\": {\"machineType\": \"e2-small\", \"disks\": [" + disks + "], \"networkInterfaces\": ["
                        + card + "]}");
    }

    @Test
    void what_another_project_does_not_show_is_a_problem_with_its_field_and_the_permission() {
        wire.answers(
                get(urlPathMatching("/compute/v1/projects/debian-clod/.*")),
                Wire.error(403, "forbidden", "Required 'compute.x.get' permission for 'projects/debian-clod'"));

        TemplateProblems problems = catchThrowableOfType(
                TemplateProblems.class,
                () -> template("image: debian-clod/debian-12\nmachineTypes: [e2-small, x9-huge]\n"
                        + "network: projects/debian-clod/global/networks/web\n"
                        + "gce: {subnetwork: projects/debian-clod/regions/us-central1/subnetworks/web}"));

        assertThat(problems.problems())
                .extracting(TemplateProblems.Problem::field)
                .containsExactly("image", "machineTypes[1]", "network", "gce.subnetwork");
        assertThat(problems).hasMessageContaining("compute.x.get");
        assertThat(problems("gce: {instanceTemplate: projects/debian-clod/global/instanceTemplates/web}\n" + LEAST))
                .containsExactly("gce.instanceTemplate");
    }

    @Test
    void a_family_of_another_project_is_found_though_its_name_as_an_image_is_forbidden() throws Exception {
        wire.answers(
                get(urlPathEqualTo("/compute/v1/projects/debian-cloud/global/images/debian-12")),
                Wire.error(403, "forbidden", "Required 'compute.images.get' permission"));

        assertThat(template("image: debian-cloud/debian-12\nmachineTypes: [e2-small]")
                        .choices())
                .isNotEmpty();
    }

    @Test
    void a_permission_that_misses_in_the_connections_project_is_no_problem_of_the_documents() {
        wire.answers(
                get(urlPathEqualTo(ROOT + "global/networks/default")),
                Wire.error(403, "forbidden", "Required 'compute.networks.get' permission"));

        assertThat(catchThrowableOfType(CloudException.class, () -> template(LEAST)))
                .hasMessageContaining("compute.networks.get")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNAUTHORIZED));
    }

    // All together

    @Test
    void the_same_document_is_the_same_template_and_is_asked_for_once() throws Exception {
        Template first = template(LEAST);
        int asked = wire.asked(".*").size();

        assertThat(template(LEAST)).isEqualTo(first);
        assertThat(wire.asked(".*")).hasSize(asked);
        assertThat(template(LEAST + "labels: {colour: blue}").revision()).isNotEqualTo(first.revision());
    }

    @Test
    void what_has_come_since_is_found_though_its_absence_was_remembered() throws Exception {
        assertThat(problems("image: late\nmachineTypes: [e2-small]")).containsExactly("image");
        image("weir-example", "images/late", "late", "");

        assertThat(template("image: late\nmachineTypes: [e2-small]").choices()).hasSize(2);
    }

    @Test
    void a_document_that_cannot_be_served_has_the_catalogs_read_once_for_each_time_that_it_is_tried() {
        CloudDriver driver = new ForgetfulDriver(wire.driver, wire.catalogs); // as the adapter has it
        for (int time = 1; time <= 3; time++) {
            assertThat(catchThrowableOfType(
                            TemplateProblems.class,
                            () -> driver.resolve(document("image: nowhere\nmachineTypes: [e2-small]"))))
                    .isNotNull();

            assertThat(wire.asked(ROOT + "regions/us-central1")).hasSize(time);
        }
    }

    private Template template(String yaml) throws Exception {
        return wire.driver.resolve(document(yaml));
    }

    private LaunchParameters frozen(String yaml) throws Exception {
        return LaunchParameters.thawed(template(yaml).frozen());
    }

    private Instance instance(String yaml) throws Exception {
        return frozen(yaml).instance();
    }

    /** The fields that are wrong; none: it can be served. */
    private List<String> problems(String yaml) {
        TemplateProblems problems = catchThrowableOfType(TemplateProblems.class, () -> template(yaml));
        return problems == null
                ? List.of()
                : problems.problems().stream()
                        .map(TemplateProblems.Problem::field)
                        .toList();
    }

    /** With the section as a document's reader hands it on, whatever is wrong in it. */
    private static PoolDocument document(String yaml) {
        return Fields.read(
                StrictJson.yaml(("min: 0\nmax: 1\n" + yaml).getBytes(UTF_8)),
                new Documents(new Gce().name(), section -> SECTION.forEach(section::raw))::read);
    }

    private void there(String path, String kind, String more) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        wire.answers(
                get(urlPathEqualTo(ROOT + path)),
                json(
                        200,
                        "{\"kind\": \"compute#" + kind + "\", \"name\": \"" + name + "\", \"selfLink\": \"" + LINK
                                + "weir-example/" + path + "\"" + (more.isEmpty() ? "" : ", " + more) + "}"));
    }

    private void image(String project, String path, String name, String more) {
        wire.answers(
                get(urlPathEqualTo("/compute/v1/projects/" + project + "/global/" + path)),
                json(
                        200,
                        "{\"kind\": \"compute#image\", \"name\": \"" + name
                                + "\", \"status\": \"READY\", \"diskSizeGb\": \"10\", \"architecture\": \"X86_64\", \"selfLink\": \""
                                + LINK + project + "/global/images/" + name + "\"" + more + "}"));
    }
}
