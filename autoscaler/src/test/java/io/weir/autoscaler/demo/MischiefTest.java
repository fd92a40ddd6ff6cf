package io.weir.autoscaler.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.traffic.Traces;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MischiefTest {
    private static void assertApart(Mischief mischief, int minutes) {
        assertThat(mischief.zoneFree()).isGreaterThan(mischief.zoneFull());
        for (Duration moment :
                new Duration[] {mischief.zoneFull(), mischief.zoneFree(), mischief.adapterDies(), mischief.machineDies()
                }) {
            assertThat(moment.toMinutes()).isBetween(minutes / 10L, minutes - minutes / 10L);
        }
        assertThat(outside(mischief, mischief.adapterDies())).isTrue();
        assertThat(outside(mischief, mischief.machineDies())).isTrue();
        assertThat(mischief.machineDies()).isNotEqualTo(mischief.adapterDies());
    }

    private static boolean outside(Mischief mischief, Duration moment) {
        return moment.compareTo(mischief.zoneFull()) < 0 || moment.compareTo(mischief.zoneFree()) >= 0;
    }

    @Test
    void the_zone_is_full_where_need_grows_most() {
        int[] needed = new int[160];
        for (int i = 0; i < needed.length; i++) {
            needed[i] = i < 100 ? 5 : Math.min(30, 5 + 2 * (i - 100));
        }
        Mischief mischief = Mischief.where(needed);
        assertThat(mischief.zoneFull()).isBetween(Duration.ofMinutes(92), Duration.ofMinutes(104));
        assertApart(mischief, 160);
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 31, 59, 120, 1440})
    void troubles_never_meet_and_leave_room_at_the_ends(int minutes) {
        for (int seed = 0; seed < 200; seed++) {
            assertApart(Mischief.where(new Random(seed).ints(minutes, 1, 40).toArray()), minutes);
        }
    }

    @Test
    void the_traces_that_come_with_weir_have_room_for_it() {
        for (String name : Traces.BUNDLED.keySet()) {
            int[] day = Workload.of(Traces.open(name)).needed();
            int[] hours =
                    Workload.of(Traces.open(name).busiest(Duration.ofHours(2))).needed();
            assertApart(Mischief.where(day), 1440);
            assertApart(Mischief.where(hours), 120);
        }
    }

    @Test
    void a_demo_too_short_for_it_is_refused() {
        assertThatThrownBy(() -> Mischief.where(new int[29])).isInstanceOf(IllegalArgumentException.class);
    }
}
