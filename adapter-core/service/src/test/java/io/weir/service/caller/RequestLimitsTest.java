package io.weir.service.caller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final RequestLimits limits = new RequestLimits(RequestLimits.Rates.USUAL, nanos::get);

    @Test
    void a_burst_of_200_passes_and_then_50_a_second() {
        assertThat(passed("anna", 1_000)).isEqualTo(200);
        pass(Duration.ofSeconds(1));
        assertThat(passed("anna", 1_000)).isEqualTo(50);
        pass(Duration.ofDays(1));
        assertThat(passed("anna", 1_000)).isEqualTo(200);
    }

    @Test
    void another_identity_has_its_own() {
        passed("anna", 1_000);
        assertThat(passed("bert", 1_000)).isEqualTo(200);
    }

    @Test
    void the_33rd_at_once_waits_for_one_to_end() {
        for (int i = 0; i < 32; i++) {
            assertThat(limits.begin("anna")).isZero();
        }
        assertThat(limits.begin("anna")).isPositive();
        limits.end("anna");
        assertThat(limits.begin("anna")).isZero();
    }

    @Test
    void what_is_refused_costs_nothing() {
        passed("anna", 10_000);
        pass(Duration.ofMillis(20));
        assertThat(limits.begin("anna")).isZero();
    }

    @Test
    void identities_that_left_are_forgotten_and_those_inside_are_not() {
        assertThat(limits.begin("inside")).isZero();
        for (int i = 0; i < 20_000; i++) {
            passed("caller " + i, 1);
            pass(Duration.ofMillis(10));
        }
        assertThat(limits.known()).isLessThan(11_000);
        for (int i = 0; i < 31; i++) {
            assertThat(limits.begin("inside")).isZero();
        }
        assertThat(limits.begin("inside")).isPositive();
    }

    private int passed(String identity, int asked) {
        int passed = 0;
        for (int i = 0; i < asked; i++) {
            if (limits.begin(identity) == 0) {
                limits.end(identity);
                passed++;
            }
        }
        return passed;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
