package io.weir.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.reconcile.Pool.Accepted;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class JobTest {
    private static final Duration BOUND = Duration.ofMillis(200);

    @Test
    void what_had_not_begun_in_time_is_refused_and_never_done() {
        AtomicBoolean done = new AtomicBoolean();
        Job.Call call = new Job.Call(() -> {
            done.set(true);
            return new Accepted(true, "done");
        });

        assertThatThrownBy(() -> call.await(BOUND))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("nothing was done");
        call.run();

        assertThat(done).isFalse();
    }

    @Test
    void what_is_refused_late_is_not_told_to_be_coming() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Job.Call call = new Job.Call(() -> {
            begun.countDown();
            Thread.sleep(BOUND.plusMillis(100)); // the cloud's time to answer
            throw Refusal.of(Refusal.Code.NOT_FOUND, "there is no such machine");
        });
        Thread pool = Thread.ofVirtual().start(call::run);
        begun.await();

        assertThatThrownBy(() -> call.await(BOUND)).isInstanceOf(Refusal.class).hasMessageContaining("no such machine");
        pool.join();
    }
}
