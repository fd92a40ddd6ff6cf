package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.driver.TemplateProblems;
import io.weir.pool.Choice;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolDocument.DataVolume;
import io.weir.pool.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Documents against a catalog. */
class NovaTemplatesTest {
    private final PaperCatalog catalog = new PaperCatalog();

    /** A document of a test, changed field by field. */
    private static final class Wish {
        int max = 10;
        Optional<String> image = Optional.of("ubuntu");
        List<String> types = List.of("small");
        List<String> zones = List.of();
        List<DataVolume> volumes = List.of();
        Optional<String> userData = Optional.empty();
        boolean publicAddress;
        Optional<String> key = Optional.empty();
        Optional<String> network = Optional.of("inner");
        Map<String, String> labels = Map.of();
        String section = "{}";

        PoolDocument document() {
            PoolDocument bare = PoolDocument.of(0, max, 0);
            return new PoolDocument(
                    0,
                    max,
                    0,
                    image,
                    types,
                    zones,
                    volumes,
                    userData,
                    publicAddress,
                    bare.connectionPolicy(),
                    key,
                    network,
                    labels,
                    Optional.empty(),
                    List.of(),
                    bare.health(),
                    bare.victimPolicy(),
                    Optional.empty(),
                    bare.pace(),
                    bare.timeouts(),
                    section);
        }
    }

    private final Wish wish = new Wish();

    private Template template() throws Exception {
        return NovaTemplates.template(wish.document(), catalog, "here");
    }

    private Frozen frozen() throws Exception {
        return Frozen.parse(template().frozen());
    }

    private List<String> problems() {
        TemplateProblems problems = catchThrowableOfType(TemplateProblems.class, this::template);
        assertThat(problems).as("there are problems").isNotNull();
        return problems.problems().stream().map(Object::toString).toList();
    }

    @Test
    void names_become_ids_and_an_images_name_is_its_newest_active_one() throws Exception {
        wish.key = Optional.of("key");
        wish.section = """
            {"securityGroups": ["web"], "serverGroup": "apart", "configDrive": true, "schedulerHints": {"a": "b"}}\
            """;

        Frozen frozen = frozen();

        assertThat(frozen.image()).startsWith("2222");
        assertThat(frozen.flavors()).containsEntry("small", new Frozen.Flavor("2", 1, 2048));
        assertThat(frozen.networks()).containsExactly("n1");
        assertThat(frozen.securityGroups()).containsExactly("g1");
        assertThat(frozen.serverGroup()).isEqualTo("s1");
        assertThat(frozen.keyPair()).isEqualTo("key");
        assertThat(frozen.configDrive()).isTrue();
        assertThat(frozen.schedulerHints()).containsEntry("a", "b");
    }

    @Test
    void an_image_may_be_named_by_its_id_or_by_its_properties() throws Exception {
        wish.image = Optional.of("11111111-1111-1111-1111-111111111111");
        assertThat(frozen().image()).startsWith("1111");

        wish.image = Optional.empty();
        wish.section = "{\"image\": {\"properties\": {\"os_distro\": \"ubuntu\"}}}";
        assertThat(frozen().image()).startsWith("2222");
    }

    @Test
    void choices_are_the_flavors_in_the_order_wished_in_every_zone_that_is_available() throws Exception {
        wish.types = List.of("small", "1");

        assertThat(template().choices())
                .extracting(Choice::machineType, Choice::zone)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("small", "zone-a"),
                        org.assertj.core.groups.Tuple.tuple("small", "zone-b"),
                        org.assertj.core.groups.Tuple.tuple("tiny", "zone-a"),
                        org.assertj.core.groups.Tuple.tuple("tiny", "zone-b"));
    }

    @Test
    void a_zone_that_is_named_is_a_choice_even_while_it_is_down() throws Exception {
        wish.zones = List.of("zone-c");

        assertThat(template().choices()).extracting(Choice::zone).containsExactly("zone-c");
    }

    @Test
    void the_revision_changes_when_a_launch_would_and_only_then() throws Exception {
        String before = template().revision();
        assertThat(template().revision()).isEqualTo(before);

        catalog.images.add(PaperCatalog.image("44444444-4444-4444-4444-444444444444", "ubuntu", "active", 9));
        assertThat(template().revision()).isNotEqualTo(before);
    }

    @Test
    void the_frozen_text_does_not_depend_on_the_order_of_maps() throws Exception {
        wish.labels = new java.util.LinkedHashMap<>(Map.of("a", "1", "b", "2", "c", "3"));
        String one = template().frozen();
        var turned = new java.util.LinkedHashMap<String, String>();
        List.of("c", "b", "a").forEach(key -> turned.put(key, wish.labels.get(key)));
        wish.labels = turned;

        assertThat(template().frozen()).isEqualTo(one);
    }

    @Test
    void every_problem_is_told_at_once_with_its_field() {
        wish.image = Optional.of("no-such-image");
        wish.types = List.of("smal", "small", "2");
        wish.zones = List.of("zone-x", "zone-a", "zone-a");
        wish.volumes = List.of(new DataVolume(5, Optional.of("slow"), true));
        wish.key = Optional.of("no-key");
        wish.network = Optional.of("no-net");
        wish.labels = Map.of("weir-pool", "x", "b/d", "x", "note", "🚀", "long", "x".repeat(256));
        wish.userData = Optional.of("x".repeat(50_000));
        wish.section = """
            {"securityGroups": ["twice", "none"], "serverGroup": "no-group", "noSuchKey": 1, "bootVolume": {"sizeGb": 1},
             "schedulerHints": {"group": "g"}, "floatingIpPool": "outer"}\
            """;

        assertThat(problems())
                .anyMatch(text -> text.startsWith("image: there is no image \"no-such-image\""))
                .anyMatch(text ->
                        text.startsWith("machineTypes[0]: there is no flavor \"smal\"; did you mean \"small\"?"))
                .anyMatch(text -> text.startsWith("machineTypes[2]: \"2\" again"))
                .anyMatch(text -> text.startsWith("zones[0]: there is no availability zone \"zone-x\""))
                .anyMatch(text -> text.startsWith("zones[2]: \"zone-a\" again"))
                .anyMatch(text -> text.startsWith("dataVolumes[0].encrypted"))
                .anyMatch(text -> text.startsWith("dataVolumes[0].type: there is no volume type \"slow\""))
                .anyMatch(text -> text.startsWith("sshKey: there is no key pair"))
                .anyMatch(text -> text.startsWith("network: there is no network \"no-net\""))
                .anyMatch(text -> text.startsWith("labels.weir-pool"))
                .anyMatch(text -> text.startsWith("labels.b/d"))
                .anyMatch(text -> text.startsWith("labels.note: has a character beyond the basic plane"))
                .anyMatch(text -> text.startsWith("labels.long"))
                .anyMatch(text -> text.startsWith("userData: has 66668 characters as Base64"))
                .anyMatch(
                        text -> text.startsWith("openstack.securityGroups[0]: 2 security groups are called \"twice\""))
                .anyMatch(text -> text.startsWith("openstack.securityGroups[1]: there is no security group"))
                .anyMatch(text -> text.startsWith("openstack.serverGroup: there is no server group"))
                .anyMatch(text -> text.startsWith("openstack.noSuchKey"))
                .anyMatch(text -> text.startsWith("openstack.schedulerHints.group"))
                .anyMatch(text -> text.startsWith("openstack.floatingIpPool: is of no use"));
    }

    @Test
    void an_image_that_is_too_large_for_a_flavor_or_its_root_is_told_before_nova_would() {
        wish.types = List.of("nano");
        assertThat(problems())
                .anyMatch(text -> text.startsWith("machineTypes[0]: nano has 64 MB, and the image needs 256"))
                .anyMatch(text -> text.startsWith("machineTypes[0]: nano has a disk of 1 GB, and the image needs 5"));

        wish.types = List.of("small");
        wish.section = "{\"bootVolume\": {\"sizeGb\": 4}}";
        assertThat(problems())
                .anyMatch(text -> text.startsWith("openstack.bootVolume.sizeGb: 4 GB are too few: the image needs 5"));
    }

    @Test
    void without_a_network_the_only_inner_one_is_meant_and_of_two_one_must_be_named() throws Exception {
        wish.network = Optional.empty();
        assertThat(frozen().networks()).containsExactly("n1");

        catalog.networks =
                List.of(new CatalogApi.Network("n1", "one", false), new CatalogApi.Network("n3", "two", false));
        assertThat(problems()).anyMatch(text -> text.startsWith("network: is missing; name one of one, two"));
    }

    @Test
    void none_and_auto_stand_alone() throws Exception {
        wish.network = Optional.of("none");
        assertThat(frozen().networking()).isEqualTo("none");
        assertThat(frozen().portsTaken()).isZero();

        wish.network = Optional.empty();
        wish.section = "{\"networks\": [\"auto\", \"inner\"]}";
        assertThat(problems()).anyMatch(text -> text.startsWith("openstack.networks: none and auto stand alone"));
    }

    @Test
    void ports_of_somebody_else_serve_a_pool_of_one() throws Exception {
        wish.network = Optional.empty();
        wish.section = "{\"ports\": [\"port-one\"]}";
        assertThat(problems()).anyMatch(text -> text.startsWith("openstack.ports: serve one machine"));

        wish.max = 1;
        assertThat(frozen().ports()).containsExactly("p1");
    }

    @Test
    void a_public_address_is_of_the_only_external_network_or_of_the_pool_that_is_named() throws Exception {
        wish.publicAddress = true;
        assertThat(frozen().floatingNetwork()).isEqualTo("n2");

        wish.network = Optional.of("none");
        assertThat(problems()).anyMatch(text -> text.startsWith("publicAddress: needs a named network"));
    }

    @Test
    void a_catalog_is_read_only_if_the_document_names_something_of_it() throws Exception {
        template();

        assertThat(catalog.read).doesNotContain("security groups", "volume zones");
    }

    @Test
    void user_data_is_carried_as_base64() throws Exception {
        wish.userData = Optional.of("#!/bin/sh\necho ü 🚀\n");

        assertThat(new String(
                        java.util.Base64.getDecoder().decode(frozen().userData()),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("#!/bin/sh\necho ü 🚀\n");
    }
}
