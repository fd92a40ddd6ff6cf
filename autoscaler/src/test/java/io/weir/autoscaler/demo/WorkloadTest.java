package io.weir.autoscaler.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.traffic.Trace;
import io.weir.autoscaler.traffic.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void the_peak_takes_some_thirty_machines() {
        Workload workload = Workload.of(Traces.open("worldcup98"));
        assertThat(workload.capacity().toPlainString()).isEqualTo("150");
        assertThat(workload.target().toPlainString()).isEqualTo("120");
        assertThat(Arrays.stream(workload.needed()).max().orElseThrow()).isEqualTo(32);
        assertThat(Arrays.stream(workload.needed()).min().orElseThrow()).isEqualTo(3);
        assertThat(workload.needed(301)).isEqualTo(3);
        assertThat(workload.needed(0)).isEqualTo(1);
    }

    @Test
    void a_coarse_trace_is_work_by_the_minute() {
        Trace trace =
                new Trace("t", Instant.parse("2026-01-01T00:00:00Z"), Duration.ofMinutes(5), new double[] {160, 320});
        Workload workload = Workload.of(trace);
        assertThat(workload.capacity()).isEqualByComparingTo("2");
        assertThat(workload.needed()).containsExactly(16, 16, 16, 16, 16, 32, 32, 32, 32, 32);
    }
}
