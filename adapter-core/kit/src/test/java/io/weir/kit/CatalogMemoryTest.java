package io.weir.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.driver.TemplateProblems;
import io.weir.guard.ForgetfulDriver;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.simulated.ApiFailure;
import io.weir.simulated.CatalogMemory;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a connection remembers of the cloud, and when it forgets. */
class CatalogMemoryTest {
    private static final PoolDocument ANY = PoolDocument.of(0, 10, 0);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimulatedCloud cloud = new SimulatedCloud(now::get, 1, Dials.DEFAULT);
    private final CatalogMemory memory = new CatalogMemory(cloud, now::get);
    private final ForgetfulDriver driver =
            new ForgetfulDriver(new SimulatedDriver(memory, "here", now::get, SimulatedDriver.PROMISES), memory);

    private void images(String name, String id) {
        cloud.turn(Dials.DEFAULT.turned(turn -> turn.images = Map.of(name, id)));
    }

    private static PoolDocument of(String image) {
        return new PoolDocument(
                0,
                10,
                0,
                Optional.of(image),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                false,
                ANY.connectionPolicy(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                ANY.health(),
                ANY.victimPolicy(),
                Optional.empty(),
                ANY.pace(),
                ANY.timeouts(),
                "{}");
    }

    @Test
    void what_was_read_is_remembered_for_five_minutes_with_its_age() throws Exception {
        assertThat(memory.since()).isEmpty();
        Template first = driver.resolve(ANY);
        Instant read = now.get();
        images("weir", "img-2");
        now.set(read.plus(Duration.ofMinutes(5)).minusMillis(1));
        assertThat(driver.resolve(ANY)).isEqualTo(first);
        assertThat(memory.since()).contains(read);

        now.set(read.plus(Duration.ofMinutes(5)));
        assertThat(driver.resolve(ANY).frozen()).contains("img-2");
        assertThat(memory.since()).contains(now.get());
    }

    @Test
    void what_is_forgotten_is_read_again() throws Exception {
        driver.resolve(ANY);
        images("weir", "img-2");

        memory.forget();

        assertThat(memory.since()).isEmpty();
        assertThat(driver.resolve(ANY).frozen()).contains("img-2");
    }

    @Test
    void a_document_is_looked_at_with_what_is_new_before_anybody_hears_of_a_problem() throws Exception {
        driver.resolve(ANY);
        images("fresh", "img-9");

        assertThat(driver.resolve(of("fresh")).frozen()).contains("img-9");
        assertThatThrownBy(() -> driver.resolve(of("never"))).isInstanceOf(TemplateProblems.class);
    }

    @Test
    void a_launch_of_what_is_no_more_makes_the_next_look_a_new_one() throws Exception {
        Template old = driver.resolve(ANY);
        images("weir", "img-2");

        assertThatThrownBy(() -> driver.launch(new Batch(
                        new BatchId("b1"),
                        new PoolName("web"),
                        old.choices().get(0),
                        old.frozen(),
                        List.of(new MachineName("web-1")),
                        Marks.first(new PoolName("web"), new StoreId("memory01")),
                        old.cloudProvider(),
                        old.region())))
                .hasMessageContaining("img-1");

        assertThat(driver.resolve(ANY).frozen()).contains("img-2");
    }

    @Test
    void a_catalog_that_cannot_be_read_is_not_made_up() {
        cloud.turn(Dials.DEFAULT.turned(turn -> turn.unavailable = true));

        assertThatThrownBy(memory::catalog).isInstanceOf(ApiFailure.class);
        assertThat(memory.since()).isEmpty();
    }
}
