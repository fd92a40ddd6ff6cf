package io.weir.probe;

import static io.weir.pool.ServiceState.BOOTING;
import static io.weir.pool.ServiceState.IN_SERVICE;
import static io.weir.pool.ServiceState.OUT_OF_SERVICE;
import static io.weir.pool.ServiceState.UNHEALTHY;
import static io.weir.pool.ServiceState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.HealthProbe;
import io.weir.pool.ServiceState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreakTest {
    private static final boolean BOOTS = true;
    private static final boolean OVERDUE = false;
    private static final HealthProbe PROBE =
            new HealthProbe(80, Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(2), 3, 2);

    /** What is said in the end, from what is said at first and looks that succeed (+) or fail (-). */
    private static ServiceState after(ServiceState said, String looks, boolean boots) {
        ServiceState now = said;
        Streak streak = Streak.NONE;
        for (char look : looks.toCharArray()) {
            streak = streak.then(look == '+');
            now = streak.verdict(now, PROBE, boots).orElse(now);
        }
        return now;
    }

    @Test
    void a_service_that_never_answered_boots_until_it_answered_often_enough() {
        assertThat(after(UNKNOWN, "-", BOOTS)).isEqualTo(BOOTING);
        assertThat(after(UNKNOWN, "---------", BOOTS)).isEqualTo(BOOTING);
        assertThat(after(UNKNOWN, "--+", BOOTS)).isEqualTo(BOOTING);
        assertThat(after(UNKNOWN, "--++", BOOTS)).isEqualTo(IN_SERVICE);
        assertThat(after(UNKNOWN, "+", BOOTS)).isEqualTo(UNKNOWN);
        assertThat(after(UNKNOWN, "++", BOOTS)).isEqualTo(IN_SERVICE);
    }

    @Test
    void a_service_that_boots_for_too_long_is_unhealthy() {
        assertThat(after(BOOTING, "--", OVERDUE)).isEqualTo(BOOTING);
        assertThat(after(BOOTING, "---", OVERDUE)).isEqualTo(UNHEALTHY);
        assertThat(after(UNKNOWN, "---", OVERDUE)).isEqualTo(UNHEALTHY);
    }

    @Test
    void a_service_that_answered_is_unhealthy_only_after_failures_in_a_row() {
        assertThat(after(IN_SERVICE, "--+--+--", BOOTS)).isEqualTo(IN_SERVICE);
        assertThat(after(IN_SERVICE, "---", BOOTS)).isEqualTo(UNHEALTHY);
        assertThat(after(IN_SERVICE, "---", OVERDUE)).isEqualTo(UNHEALTHY);
    }

    @Test
    void an_unhealthy_service_comes_back_when_it_answers_again() {
        assertThat(after(UNHEALTHY, "+-+-+", OVERDUE)).isEqualTo(UNHEALTHY);
        assertThat(after(UNHEALTHY, "++", OVERDUE)).isEqualTo(IN_SERVICE);
    }

    @ParameterizedTest
    @EnumSource(value = ServiceState.class)
    void what_is_said_already_is_not_said_again(ServiceState said) {
        assertThat(new Streak(0, 9).verdict(UNHEALTHY, PROBE, OVERDUE)).isEmpty();
        assertThat(new Streak(9, 0).verdict(IN_SERVICE, PROBE, OVERDUE)).isEmpty();
        assertThat(Streak.NONE.verdict(said, PROBE, BOOTS)).isEmpty();
    }

    @Test
    void an_operators_out_of_service_stands() {
        assertThat(after(OUT_OF_SERVICE, "++++", BOOTS)).isEqualTo(OUT_OF_SERVICE);
        assertThat(after(OUT_OF_SERVICE, "----", OVERDUE)).isEqualTo(OUT_OF_SERVICE);
    }
}
