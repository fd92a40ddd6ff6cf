package io.weir.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.driver.CloudException;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Bucket;
import io.weir.driver.Rates.Kind;
import io.weir.guard.PacedDriver;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.simulated.Call;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a connection's limits let through, over the simulated cloud, whose ledger says what arrived. */
class PacesTest {
    private static final PoolName WEB = new PoolName("web");
    private static final Marks MARKS = Marks.first(WEB, new StoreId("paces001"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimulatedCloud cloud = new SimulatedCloud(now::get, 1, Dials.DEFAULT);
    private int batches;

    private PacedDriver paced(Map<Kind, Bucket> rates) {
        return new PacedDriver(
                new SimulatedDriver(cloud, "here", now::get, SimulatedDriver.PROMISES),
                new Rates(rates),
                now::get,
                new Random(1));
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private Batch batch(PacedDriver driver, int machines) throws Exception {
        Template template = driver.resolve(PoolDocument.of(0, 1000, 0));
        batches++;
        return new Batch(
                new BatchId("b" + batches),
                WEB,
                template.choices().get(0),
                template.frozen(),
                IntStream.range(0, machines)
                        .mapToObj(machine -> new MachineName("web-b" + batches + "-" + machine))
                        .toList(),
                MARKS,
                template.cloudProvider(),
                template.region());
    }

    private static CloudException withheld(ThrowingCallable call) {
        CloudException thrown = catchThrowableOfType(CloudException.class, call);
        assertThat(thrown).as("a call that must wait").isNotNull();
        assertThat(thrown.kind()).isEqualTo(FailureKind.WITHHELD);
        return thrown;
    }

    @Test
    void an_empty_bucket_withholds_at_once_and_says_for_how_long() throws Exception {
        PacedDriver driver = paced(Map.of(Kind.LIST, new Bucket(0.5, 2)));
        driver.list(Set.of(WEB));
        driver.list(Set.of(WEB));

        CloudException thrown = withheld(() -> driver.list(Set.of(WEB)));

        assertThat(thrown.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(thrown).hasMessageContaining("list: 0.5 a second, 2 at once");
        pass(Duration.ofMillis(1999));
        withheld(() -> driver.list(Set.of(WEB)));
        pass(Duration.ofMillis(1));
        driver.list(Set.of(WEB));
    }

    @Test
    void after_a_call_that_the_cloud_throttled_those_of_its_kind_rest_and_reach_it_no_more() throws Exception {
        PacedDriver driver = paced(Map.of());
        cloud.turn(Dials.DEFAULT.turned(turn -> turn.throttle = Map.of(Call.LIST, new Dials.Bucket(1, 0.1))));
        driver.list(Set.of(WEB));
        CloudException said = catchThrowableOfType(CloudException.class, () -> driver.list(Set.of(WEB)));
        assertThat(said.kind()).isEqualTo(FailureKind.THROTTLED);

        assertThat(withheld(() -> driver.list(Set.of(WEB))).retryAfter()).isEqualTo(said.retryAfter());
        driver.find(new MachineId("i-1"));
        pass(said.retryAfter().orElseThrow());
        driver.list(Set.of(WEB));
    }

    @Test
    void each_kind_of_call_has_a_bucket_of_its_own_and_a_kind_without_one_is_free() throws Exception {
        PacedDriver driver = paced(Map.of(Kind.LIST, new Bucket(1, 1), Kind.FIND, new Bucket(1, 1)));
        driver.list(Set.of(WEB));
        withheld(() -> driver.list(Set.of(WEB)));

        driver.find(new MachineId("i-1"));
        withheld(() -> driver.find(new MachineId("i-1")));
        for (int calls = 0; calls < 50; calls++) {
            driver.terminate(Set.of(new MachineId("i-1")));
            driver.launch(batch(driver, 1));
        }

        assertThat(cloud.alive("web")).isEqualTo(50);
    }

    @Test
    void a_batch_is_launched_whole_or_not_at_all_and_the_bucket_owes_what_it_lacked() throws Exception {
        PacedDriver driver = paced(Map.of(Kind.LAUNCHED_MACHINES, new Bucket(5, 10)));

        driver.launch(batch(driver, 30));

        assertThat(cloud.alive("web")).isEqualTo(30);
        assertThat(driver.tokensLeft()).containsEntry(Kind.LAUNCHED_MACHINES, -20L);
        Batch next = batch(driver, 1);
        assertThat(withheld(() -> driver.launch(next)).retryAfter()).contains(Duration.ofMillis(4200));
        assertThat(cloud.alive("web")).isEqualTo(30);
        pass(Duration.ofMillis(4200));
        driver.launch(next);
        assertThat(cloud.alive("web")).isEqualTo(31);
    }

    @Test
    void a_call_that_one_bucket_withholds_takes_nothing_from_the_other() throws Exception {
        PacedDriver driver = paced(Map.of(Kind.LAUNCH, new Bucket(1, 5), Kind.LAUNCHED_MACHINES, new Bucket(1, 10)));
        driver.launch(batch(driver, 8));

        Batch next = batch(driver, 3);
        withheld(() -> driver.launch(next));

        assertThat(driver.tokensLeft()).containsEntry(Kind.LAUNCH, 4L).containsEntry(Kind.LAUNCHED_MACHINES, 2L);
    }

    @Test
    void machines_are_counted_for_terminations_and_marks_too() throws Exception {
        PacedDriver driver =
                paced(Map.of(Kind.TERMINATED_MACHINES, new Bucket(1, 3), Kind.MARKED_MACHINES, new Bucket(1, 2)));
        Batch batch = batch(driver, 6);
        List<MachineId> ids = driver.launch(batch).byKey().values().stream()
                .map(outcome -> ((Outcome.Accepted) outcome).id())
                .toList();

        driver.terminate(Set.copyOf(ids.subList(0, 3)));
        withheld(() -> driver.terminate(Set.of(ids.get(3))));
        driver.mark(Map.of(ids.get(4), batch.marks(), ids.get(5), batch.marks()));
        withheld(() -> driver.mark(Map.of(ids.get(4), batch.marks())));

        assertThat(driver.tokensLeft()).containsEntry(Kind.TERMINATED_MACHINES, 0L);
    }

    @Test
    void all_pools_of_a_connection_share_its_tokens() throws Exception {
        PacedDriver driver = paced(Map.of(Kind.FIND, new Bucket(1, 40)));
        AtomicInteger passed = new AtomicInteger();
        AtomicInteger held = new AtomicInteger();
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService pools = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int pool = 0; pool < 10; pool++) {
                pools.submit(() -> {
                    together.await();
                    for (int calls = 0; calls < 10; calls++) {
                        try {
                            driver.find(new MachineId("i-1"));
                            passed.incrementAndGet();
                        } catch (CloudException withheld) {
                            held.incrementAndGet();
                        }
                    }
                    return true;
                });
            }
            together.countDown();
        }

        assertThat(passed.get()).isEqualTo(40);
        assertThat(held.get()).isEqualTo(60);
    }

    @Test
    void rates_without_sense_cannot_be_made() {
        assertThatThrownBy(() -> new Bucket(0, 1)).hasMessageContaining("perSecond");
        assertThatThrownBy(() -> new Bucket(Double.NaN, 1)).hasMessageContaining("perSecond");
        assertThatThrownBy(() -> new Bucket(1, 0)).hasMessageContaining("burst");
    }
}
