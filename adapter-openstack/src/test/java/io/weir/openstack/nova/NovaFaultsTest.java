package io.weir.openstack.nova;

import static io.weir.openstack.nova.RealOpenstack.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.openstack.nova.NovaTrial.TriedPool;
import io.weir.pool.Marks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What a real Nova refuses, and what somebody does to a pool's machines behind Weir's back: a real adapter over the test bed, see
 * {@link NovaTrial}. Skipped where {@code OSTB_STATE} names none. {@link NovaOutagesTest} stops services.
 */
@Execution(ExecutionMode.CONCURRENT)
class NovaFaultsTest {
    private static final String OTHER_PROJECT = "the quotas of the other project";

    @TempDir
    private static Path folder;

    private static NovaTrial trial;

    @BeforeAll
    static void startAnAdapter() throws Exception {
        trial = new NovaTrial(folder.resolve("home"));
    }

    @AfterAll
    static void endIt() throws Exception {
        if (trial != null) {
            trial.close();
        }
    }

    // Refusals

    @Test
    @ResourceLock(OTHER_PROJECT)
    void a_pool_that_meets_its_quota_names_it_keeps_what_it_has_and_grows_when_the_quota_does() throws Exception {
        TriedPool pool = trial.pool("quota", Map.of("connection", NovaTrial.OTHER));
        otherQuota(Service.COMPUTE, Map.of("instances", 2));
        try {
            pool.size(4);
            pool.event("choice.exhausted", "the quota of instances is 2");
            NovaTrial.await("two servers", () -> assertThat(pool.members()).hasSize(2));
            pool.say("Nova itself: " + refusalOfOneMore());
            NovaTrial.during(
                    Duration.ofSeconds(5), () -> assertThat(pool.servers()).hasSize(2));
        } finally {
            usualQuota(Service.COMPUTE);
        }
        pool.say("the quota is as before");
        pool.exact(4);
        pool.over();
    }

    /** What Nova says to whoever does not ask for quotas first. */
    private static String refusalOfOneMore() throws NovaFailure {
        try {
            String id = new OpenstackNovaApi(trial.cloud.as("other"))
                    .boot(object(
                            "server",
                            Map.of(
                                    "name",
                                    "one-more",
                                    "imageRef",
                                    trial.cloud.ofBed("image").asText(),
                                    "flavorRef",
                                    trial.cloud
                                            .ofBed("flavors")
                                            .path(trial.cloud.flavor())
                                            .asText(),
                                    "networks",
                                    "none")));
            new OpenstackNovaApi(trial.cloud.as("other")).deleteServer(id);
            return "accepted";
        } catch (NovaFailure failure) {
            return failure.status() + " " + failure.text();
        }
    }

    @Test
    @ResourceLock(OTHER_PROJECT)
    void a_volume_quota_is_named_whether_it_is_asked_for_or_only_told_by_a_413() throws Exception {
        TriedPool pool =
                trial.pool("volquota", Map.of("connection", NovaTrial.OTHER, "dataVolumes", volumes(2, "testbed")));
        otherQuota(Service.VOLUME, Map.of("per_volume_gigabytes", 1));
        try {
            pool.size(1);
            pool.event("choice.exhausted", "VolumeSizeExceedsLimit");
            NovaTrial.during(Duration.ofSeconds(5), () -> {
                assertThat(pool.servers()).isEmpty();
                assertThat(pool.volumes()).isEmpty();
            });
            pool.document(Map.of("connection", NovaTrial.OTHER, "dataVolumes", volumes(1, "testbed")));
            pool.exact(1);
            otherQuota(Service.VOLUME, Map.of("volumes", 1));
            pool.size(2);
            pool.event("choice.exhausted", "the quota of volumes is 1");
            NovaTrial.during(
                    Duration.ofSeconds(5), () -> assertThat(pool.volumes()).hasSize(1));
        } finally {
            usualQuota(Service.VOLUME);
        }
        pool.say("the quotas are as before");
        pool.exact(2);
        pool.over();
    }

    @Test
    void a_volume_that_ends_in_error_is_taken_away_and_its_server_never_asked_for() throws Exception {
        TriedPool pool = trial.pool("volerror", Map.of("dataVolumes", volumes(1, "nowhere")));
        pool.size(1);
        pool.event("choice.exhausted", "Cinder could not make its volume");
        NovaTrial.await(
                "the volume to be taken away", () -> assertThat(pool.volumes()).isEmpty());
        assertThat(pool.everLaunched()).isEmpty();
        pool.document(Map.of("dataVolumes", volumes(1, "testbed")));
        pool.say("the document names a type that there is");
        pool.exact(1);
        pool.over();
    }

    private static List<Map<String, Object>> volumes(int sizeGb, String type) {
        return List.of(Map.of("sizeGb", sizeGb, "type", type));
    }

    @Test
    void where_no_host_is_valid_for_one_type_the_next_type_is_launched_and_nothing_failed_is_left() throws Exception {
        TriedPool pool = trial.pool("nohost", Map.of("machineTypes", List.of("m1.toobig", "m1.tiny")));
        pool.size(2);
        pool.event("choice.exhausted", "No valid host was found");
        pool.exact(2);
        assertThat(pool.servers()).allSatisfy(row -> assertThat(
                        row.path("flavor").path("original_name").asText())
                .isEqualTo("m1.tiny"));
        pool.over();
    }

    private static void otherQuota(Service service, Map<String, Object> limits) throws NovaFailure {
        trial.cloud
                .admin()
                .put(service, "/os-quota-sets/{id}", otherProject())
                .body(object("quota_set", limits))
                .done();
    }

    private static void usualQuota(Service service) throws NovaFailure {
        trial.cloud
                .admin()
                .delete(service, "/os-quota-sets/{id}", otherProject())
                .done();
    }

    private static String otherProject() throws NovaFailure {
        return trial.cloud.as("other").session().token().getProject().getId();
    }

    // A proxy

    @Test
    void a_proxys_404_is_no_empty_pool_and_no_refusal() throws Exception {
        TriedPool pool = trial.pool("proxy404", Map.of("connection", NovaTrial.LINE));
        pool.size(3);
        pool.exact(3);
        Set<String> before = pool.ids();

        trial.line.notFound = (method, path) -> true;
        NovaTrial.await("the adapter to see that it does not reach Nova", () -> assertThat(pool.problem())
                .isNotEmpty());
        pool.say("every call is 404 in HTML; the connection: " + pool.problem());
        pool.size(5);
        NovaTrial.during(Duration.ofSeconds(15), () -> assertThat(pool.ids()).isEqualTo(before));

        trial.line.notFound = (method, path) -> method.equals("POST") && path.endsWith("/servers");
        pool.say("only launches are 404 in HTML");
        pool.event("launch.unanswered", "404");
        NovaTrial.during(Duration.ofSeconds(5), () -> assertThat(pool.ids()).isEqualTo(before));

        trial.line.calm();
        pool.say("the proxy passes everything on");
        pool.exact(5);
        assertThat(pool.ids()).containsAll(before);
        pool.over();
    }

    // Behind Weir's back

    @Test
    void a_server_that_somebody_deletes_is_replaced_once_it_is_known_to_be_gone() throws Exception {
        TriedPool pool = trial.pool("deleted", Map.of("timeouts", Map.of("young", "10s")));
        pool.size(3);
        pool.exact(3);
        // what dies younger counts as a launch that failed
        NovaTrial.during(
                Duration.ofSeconds(11), () -> assertThat(pool.members()).hasSize(3));
        Set<String> before = pool.ids();
        String gone = before.iterator().next();

        owner().deleteServer(gone);
        pool.say("somebody deleted " + gone);
        NovaTrial.await("it to be gone", () -> assertThat(owner().server(gone)).isEmpty());
        pool.say("Nova says 404 of it");
        pool.exact(3);

        Set<String> stayed = new TreeSet<>(before);
        stayed.remove(gone);
        assertThat(pool.ids()).containsAll(stayed).doesNotContain(gone);
        assertThat(pool.everLaunched()).hasSize(4);
        pool.over();
    }

    @Test
    void marks_that_somebody_edits_are_written_again_and_no_machine_is_lost_for_it() throws Exception {
        TriedPool pool = trial.pool("edited", Map.of());
        pool.size(3);
        pool.exact(3);
        Set<String> before = pool.ids();
        Iterator<String> ids = before.iterator();
        String garbled = ids.next();
        String moved = ids.next();

        owner().mergeMetadata(garbled, Map.of(Marks.MARKS_TAG, "what is this?"));
        owner().mergeMetadata(moved, Map.of(Marks.POOL_TAG, "somewhere-else"));
        pool.say("the marks of one are garbled, another bears another pool's name");
        NovaTrial.await("the garbled marks to be written again", () -> assertThat(metadata(garbled))
                .hasEntrySatisfying(Marks.MARKS_TAG, text -> assertThat(text).isNotEqualTo("what is this?")));
        pool.say("the garbled marks are written again");
        NovaTrial.await("the other to bear its pool's name again", () -> assertThat(metadata(moved))
                .containsEntry(Marks.POOL_TAG, pool.name));
        pool.say("the moved one is marked again");
        pool.exact(3);

        assertThat(pool.ids()).isEqualTo(before);
        assertThat(pool.everLaunched()).hasSize(3);
        pool.over();
    }

    @Test
    void a_server_whose_metadata_is_wiped_stays_a_member_and_all_of_it_still_goes_with_it() throws Exception {
        TriedPool pool = trial.pool(
                "wiped",
                Map.of(
                        "network",
                        trial.cloud.network(),
                        "publicAddress",
                        true,
                        "dataVolumes",
                        volumes(1, "testbed"),
                        "openstack",
                        Map.of(
                                "floatingIpPool",
                                trial.cloud.ofBed("external_network_name").asText())));
        pool.size(2);
        pool.exact(2);
        Set<String> before = pool.ids();
        String wiped = before.iterator().next();

        trial.cloud
                .as("demo")
                .put(Service.COMPUTE, "/servers/{id}/metadata", wiped)
                .body(object("metadata", Map.of()))
                .done();
        assertThat(metadata(wiped)).isEmpty();
        pool.say("the metadata of one is wiped");
        NovaTrial.await(
                "it to be marked again", () -> assertThat(metadata(wiped)).containsEntry(Marks.POOL_TAG, pool.name));
        pool.say("it is marked again: " + metadata(wiped).keySet());
        pool.exact(2);

        assertThat(pool.ids()).isEqualTo(before);
        assertThat(pool.everLaunched()).hasSize(2);
        pool.over();
    }

    private static NovaApi owner() {
        return new OpenstackNovaApi(trial.cloud.as("demo"));
    }

    private static Map<String, String> metadata(String id) throws NovaFailure {
        JsonNode server = owner().server(id).orElseThrow();
        return NovaMachines.metadata(server);
    }
}
