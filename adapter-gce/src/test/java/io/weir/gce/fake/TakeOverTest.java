package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import io.weir.gce.compute.TakeOver;
import io.weir.gce.compute.TakeOver.Label;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Machines that another tool launched and labelled, and that bear no label of Weir's. */
class TakeOverTest {
    private static final PoolDocument DOCUMENT = GcePools.document(20, "{count: 10, percent: 0, window: 1m}");
    private static final PoolName POOL = GcePools.POOL;
    private static final PoolName OTHER = new PoolName("other");
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Map<String, String> THEIRS = Map.of("service", "shop");

    private final GcePools world = new GcePools(
            1, DOCUMENT, new TakeOver(Map.of(POOL, new Label("service", "shop"), OTHER, new Label("team", "blue"))));
    private final InstancesClient client = Bench.instances(world.fake.url());

    @BeforeEach
    void they_launched_some() {
        launched("shop-1", Bench.A, THEIRS);
        launched("shop-2", Bench.B, THEIRS);
        launched("till-1", Bench.A, Map.of("service", "till"));
        launched("shop-of-two", Bench.A, Map.of("service", "shop", "team", "blue"));
        launched("shop-released", Bench.A, Map.of("service", "shop", "weir-marks", "whatever"));
        world.clock.pass(Duration.ofMinutes(2));
    }

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    private void launched(String name, String zone, Map<String, String> labels) {
        client.insertCallable()
                .call(Bench.request(name, zone)
                        .setInstanceResource(Bench.instance(name, zone).toBuilder()
                                .clearLabels()
                                .putAllLabels(labels))
                        .build());
    }

    private PoolState pool() {
        return world.pools.state(POOL);
    }

    private List<Instance> instances() {
        return Stream.of(
                        client.get(Bench.PROJECT, Bench.A, "shop-1"),
                        client.get(Bench.PROJECT, Bench.B, "shop-2"),
                        client.get(Bench.PROJECT, Bench.A, "till-1"),
                        client.get(Bench.PROJECT, Bench.A, "shop-of-two"),
                        client.get(Bench.PROJECT, Bench.A, "shop-released"))
                .toList();
    }

    @Test
    void they_are_seen_and_nothing_is_done_to_them() {
        List<Instance> before = instances();

        world.pools.steady(INTERVAL, Duration.ofMinutes(10));

        assertThat(pool().members()).isEmpty();
        assertThat(pool().gates().keySet()).contains(Gate.Kind.FOREIGN_STORE);
        assertThat(instances()).isEqualTo(before);
        assertThat(world.fake.cloud().ledger()).hasSize(5);
    }

    @Test
    void adopted_they_are_members_with_labels_of_ours_and_theirs_stay() {
        world.pools.steady(INTERVAL, Duration.ofMinutes(5));
        world.pools.adopt(POOL, TakeOver.STORE);
        world.pools.steady(INTERVAL, Duration.ofMinutes(5));

        assertThat(pool().members().keySet().stream().map(MachineId::value))
                .containsExactlyInAnyOrder(Bench.A + ":shop-1", Bench.B + ":shop-2");
        assertThat(pool().desired())
                .hasValueSatisfying(size -> assertThat(size.size()).isEqualTo(2));
        List<Instance> now = instances();
        assertThat(now.subList(0, 2)).allSatisfy(instance -> assertThat(instance.getLabelsMap())
                .containsEntry("weir-pool", POOL.value())
                .containsKey("weir-marks")
                .containsAllEntriesOf(THEIRS));
        assertThat(now.subList(2, 5))
                .allSatisfy(instance -> assertThat(instance.getLabelsMap()).doesNotContainKey("weir-pool"));
        assertThat(world.fake.cloud().ledger()).hasSize(5);
    }

    @Test
    void nobody_says_a_word_and_they_are_adopted_after_a_quarter_of_an_hour() {
        world.pools.steady(INTERVAL, Duration.ofMinutes(25));

        assertThat(pool().members()).hasSize(2);
        assertThat(pool().gates().keySet()).isEmpty();
    }

    @Test
    void adopted_they_go_when_the_pool_shrinks() {
        world.pools.steady(INTERVAL, Duration.ofMinutes(25));
        world.pools.wish(1);
        world.pools.steady(INTERVAL, Duration.ofMinutes(10));

        assertThat(pool().members()).hasSize(1);
        assertThat(Stream.of(Bench.A, Bench.B, Bench.C)
                        .flatMap(zone ->
                                client.list(Bench.PROJECT, zone).getPage().getResponse().getItemsList().stream())
                        .map(Instance::getName))
                .hasSize(4)
                .contains("till-1", "shop-of-two", "shop-released");
    }
}
