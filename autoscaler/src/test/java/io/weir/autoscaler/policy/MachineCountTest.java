package io.weir.autoscaler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCountTest {
    @ParameterizedTest
    @CsvSource({
        "300, 100, 3",
        "300.000001, 100, 4",
        "0.3, 0.1, 3",
        "0.7, 0.1, 7",
        "3.3000000000000003, 1.1, 3",
        "0, 100, 0",
        "0.000001, 100, 1",
        "1, 3, 1",
        "4.9E-324, 1000000, 1",
        "1e15, 0.001, 2147483647",
        "2147483647, 1, 2147483647",
    })
    void load_divided_by_capacity_is_rounded_up_to_whole_machines(double load, BigDecimal capacity, int machines) {
        assertThat(MachineCount.forLoad(load, capacity).machines()).isEqualTo(machines);
    }

    @Test
    void more_than_an_int_can_hold_becomes_the_greatest_int_and_never_a_small_one() {
        assertThat(MachineCount.forLoad(1e15, new BigDecimal("0.0001"))
                        .times(Integer.MAX_VALUE)
                        .machines())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void it_is_shown_with_two_digits() {
        assertThat(MachineCount.forLoad(1000, BigDecimal.valueOf(3))).hasToString("333.33");
        assertThat(MachineCount.of(7)).hasToString("7");
        assertThat(MachineCount.of(100)).hasToString("100");
        assertThat(MachineCount.of(0)).hasToString("0");
    }

    @Test
    void there_is_no_less_than_none() {
        assertThatThrownBy(() -> MachineCount.of(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
