package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.driver.Leftovers;
import io.weir.openstack.nova.NovaTrial.TriedPool;
import io.weir.pool.Leftover;
import io.weir.pool.PoolName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Services of a real OpenStack that are stopped or killed under a real adapter, and are brought back: see {@link NovaTrial}. Skipped
 * where {@code OSTB_STATE} names no bed, and without {@code -Dweir.outages=true}: all of it takes half an hour. What Cinder holds for
 * a server that is gone is waited for until the adapter takes it away with {@code -Dweir.outages.tidying=true}, which takes half an
 * hour more.
 */
class NovaOutagesTest {
    private static final List<String> COMPUTES = List.of("nova-compute-1", "nova-compute-2");

    @TempDir
    private Path folder;

    private NovaTrial trial;
    private RealOpenstack cloud;

    @BeforeEach
    void startAnAdapter() throws Exception {
        assumeTrue(Boolean.getBoolean("weir.outages"), "skipped: -Dweir.outages=true stops services, for half an hour");
        trial = new NovaTrial(folder.resolve("home"));
        cloud = trial.cloud;
    }

    @AfterEach
    void bringAllBack() throws Exception {
        if (trial == null) {
            return;
        }
        try {
            cloud.noFaults();
            cloud.bringUp(Map.of());
        } finally {
            trial.close();
        }
    }

    // Keystone

    @Test
    void while_keystone_is_away_nothing_is_lost_and_nothing_doubled() throws Exception {
        TriedPool pool = trial.pool("keystone", Map.of());
        pool.size(3);
        pool.exact(3);
        Set<String> before = pool.ids();

        cloud.stop("keystone");
        pool.say("Keystone is stopped");
        pool.size(5);
        NovaTrial.during(
                Duration.ofSeconds(30), () -> assertThat(pool.members()).containsAll(before));
        pool.say("after 30 s without it: " + told(pool));
        cloud.bringUp(Map.of());
        pool.say("Keystone is back");
        pool.exact(5);

        assertThat(pool.ids()).containsAll(before);
        pool.over();
    }

    private static String told(TriedPool pool) throws Exception {
        String problem = pool.problem();
        return problem.isEmpty() ? "Nova is reached" : problem;
    }

    @Test
    void with_tokens_that_live_for_seconds_a_pool_moves_as_ever() throws Exception {
        trial.close();
        cloud.stop("keystone");
        cloud.bringUp(Map.of("OSTB_TOKEN_TTL", "8"));
        try {
            trial = new NovaTrial(folder.resolve("another-home"));
            TriedPool pool = trial.pool("shorttokens", Map.of());
            pool.say("tokens live for 8 s");
            pool.size(4);
            pool.exact(4);
            Set<String> before = pool.ids();
            NovaTrial.during(
                    Duration.ofSeconds(40), () -> assertThat(pool.problem()).isEmpty());
            pool.say("40 s at rest without a failed listing; logins: " + logins());
            pool.size(6);
            pool.exact(6);
            pool.size(2);
            pool.exact(2);
            pool.say("logins: " + logins());

            Set<String> two = pool.ids();
            cloud.stop("keystone");
            pool.say("and Keystone is stopped");
            NovaTrial.await("the token to end", () -> assertThat(pool.problem()).isNotEmpty());
            pool.say("the token has ended: " + pool.problem());
            NovaTrial.during(
                    Duration.ofSeconds(20), () -> assertThat(pool.members()).isEqualTo(two));
            cloud.bringUp(Map.of("OSTB_TOKEN_TTL", "8"));
            pool.say("Keystone is back");
            pool.exact(2);
            assertThat(pool.ids()).isEqualTo(two);
            pool.over();
        } finally {
            cloud.stop("keystone");
            cloud.bringUp(Map.of());
        }
    }

    private List<String> logins() throws Exception {
        return trial.adapter
                .managed("/metrics")
                .lines()
                .filter(line -> line.startsWith("weir_cloud_requests_total") && line.contains("/auth/tokens"))
                .toList();
    }

    // nova-compute

    @Test
    void launches_that_hang_without_nova_compute_are_replaced_after_their_deadline() throws Exception {
        TriedPool pool = trial.pool("nocompute", Map.of("timeouts", Map.of("boot", "30s", "young", "10s")));
        cloud.stop(COMPUTES.toArray(String[]::new));
        pool.say("both nova-compute are stopped");
        pool.size(3);
        NovaTrial.await("three that hang", () -> assertThat(statuses(pool.servers()))
                .containsExactly("BUILD", "BUILD", "BUILD"));
        Set<String> hung = pool.ids();
        pool.say("three hang in BUILD");
        pool.event("machine.end-decided", "did not run within");
        pool.event("breaker.opened", "no more launches");
        pool.say("now there are " + statuses(pool.servers()));
        cloud.bringUp(Map.of());
        pool.say("both are back");
        pool.exact(3);

        assertThat(pool.ids()).doesNotContainAnyElementsOf(hung);
        pool.over();
    }

    private static List<String> statuses(List<JsonNode> rows) {
        return rows.stream().map(row -> row.path("status").asText()).sorted().toList();
    }

    @Test
    void a_nova_compute_that_is_killed_while_volumes_are_made_leaves_nothing() throws Exception {
        TriedPool pool = trial.pool("volkill", Map.of("dataVolumes", List.of(Map.of("sizeGb", 1))));
        cloud.fault("volume-create-delay", "8\n" + pool.name);
        pool.size(2);
        NovaTrial.await("the volumes to be in the making", () -> assertThat(pool.volumes())
                .hasSize(2)
                .allSatisfy(volume -> assertThat(volume.path("status").asText()).isEqualTo("creating")));
        COMPUTES.forEach(cloud::kill);
        pool.say("both nova-compute are killed while two volumes are made");
        NovaTrial.await("servers to be asked for", () -> assertThat(statuses(pool.servers()))
                .isNotEmpty());
        pool.say("there are " + statuses(pool.servers()));
        cloud.bringUp(Map.of());
        pool.say("both are back");
        pool.exact(2);
        assertThat(pool.volumes()).hasSize(2);

        cloud.noFaults();
        cloud.fault("volume-attach-delay", "8\n" + pool.name);
        pool.size(4);
        NovaTrial.await("two that wait for their volumes", () -> assertThat(pool.servers())
                .filteredOn(row -> row.path("status").asText().equals("BUILD")
                        && !row.path("hostId").asText().isEmpty())
                .hasSize(2));
        COMPUTES.forEach(cloud::kill);
        pool.say("both are killed again, while two servers are given theirs");
        cloud.noFaults();
        cloud.bringUp(Map.of());
        pool.say("both are back; there are " + statuses(pool.servers()));
        pool.exact(4);
        assertThat(pool.volumes()).hasSize(4);
        pool.over();
    }

    // nova-api

    @Test
    void a_nova_api_that_is_killed_in_a_request_launches_nothing_twice() throws Exception {
        // one that Nova wrote down and never handed on is in BUILD for ever
        TriedPool pool = trial.pool(
                "apikill", Map.of("connection", NovaTrial.LINE, "timeouts", Map.of("boot", "1m", "young", "10s")));
        pool.size(1);
        pool.exact(1);
        AtomicBoolean once = new AtomicBoolean();
        trial.line.launched = () -> {
            if (once.compareAndSet(false, true)) {
                cloud.kill("nova-api"); // with one answered, it is in the middle of the next two
            }
        };
        pool.size(7);
        pool.event("launch.unanswered", "");
        pool.say(
                "nova-api was killed while six servers were asked for, unanswered: " + pool.count("launch.unanswered"));
        cloud.bringUp(Map.of());
        pool.say("nova-api is back; there are " + statuses(pool.servers()));
        pool.exact(7);
        assertThat(pool.everLaunched())
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
        pool.over();
    }

    @Test
    void sixty_servers_over_pages_of_twenty_are_all_members() throws Exception {
        cloud.stop("nova-api");
        cloud.bringUp(Map.of("OSTB_PAGE", "20"));
        try {
            TriedPool pool = trial.pool("pages", Map.of());
            pool.size(60);
            pool.exact(60);
            OpenstackCalls.Page first =
                    cloud.as("demo").get(Service.COMPUTE, "/servers/detail").page("servers");
            assertThat(first.rows()).hasSize(20);
            assertThat(first.more()).isTrue();
            pool.say("a page of Nova's holds " + first.rows().size());
            Set<String> before = pool.ids();
            List<JsonNode> servers = pool.servers();
            String gone = servers.get(30).path("id").asText();
            new OpenstackNovaApi(cloud.as("demo")).deleteServer(gone);
            pool.say("one on the second page is deleted by somebody");
            NovaTrial.await(
                    "it to be replaced", () -> assertThat(pool.members()).doesNotContain(gone));
            pool.exact(60);
            before.remove(gone);
            assertThat(pool.ids()).containsAll(before);
            pool.size(45);
            pool.exact(45);
            pool.over();
        } finally {
            cloud.stop("nova-api");
        }
    }

    // Cinder

    @Test
    void a_machine_that_ends_while_cinder_is_away_leaves_a_volume_that_is_found_and_taken_away() throws Exception {
        TriedPool pool = trial.pool("nocinder", Map.of("dataVolumes", List.of(Map.of("sizeGb", 1))));
        pool.size(2);
        pool.exact(2);

        cloud.stop("cinder-api");
        pool.say("cinder-api is stopped");
        pool.size(1);
        NovaTrial.await("one server to go", () -> assertThat(pool.servers()).hasSize(1));
        pool.say("one server is gone");
        cloud.bringUp(Map.of());
        pool.say("cinder-api is back; volumes: " + statuses(pool.volumes()));
        pool.exact(1);

        Leftovers leftovers = new NovaLeftovers(() -> new OpenstackNovaApi(cloud.as("demo")));
        List<Leftover> found = leftovers.list(Set.of(new PoolName(pool.name)));
        assertThat(found).singleElement().satisfies(one -> assertThat(one.id()).startsWith("volume:"));
        if (Boolean.getBoolean("weir.outages.tidying")) {
            NovaTrial.await("the volume to be taken away", Duration.ofMinutes(35), () -> assertThat(pool.volumes())
                    .hasSize(1));
            pool.event("leftover.taken-away", "served no machine");
        } else {
            leftovers.takeAway(found.get(0));
        }
        pool.exact(1);
        assertThat(pool.volumes()).hasSize(1);
        pool.over();
    }
}
