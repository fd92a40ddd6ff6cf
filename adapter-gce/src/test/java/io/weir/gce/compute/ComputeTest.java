package io.weir.gce.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.Rates.Bucket;
import io.weir.driver.Rates.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComputeTest {
    /** Requests of one of a kind; of a listing in a region of four zones, which is what most have at most. */
    private static final Map<Kind, Integer> REQUESTS = Map.of(
            Kind.LIST,
            5,
            Kind.FIND,
            1,
            Kind.LAUNCHED_MACHINES,
            1,
            Kind.TERMINATED_MACHINES,
            1,
            Kind.MARKED_MACHINES,
            2);

    @Test
    void all_kinds_of_calls_together_stay_within_1500_requests_in_any_minute() {
        double most = 0;
        for (Map.Entry<Kind, Bucket> rate : Compute.RATES.byKind().entrySet()) {
            int requests = REQUESTS.getOrDefault(rate.getKey(), 0);
            most += requests * (rate.getValue().burst() + 60 * rate.getValue().perSecond());
        }

        assertThat(Compute.RATES.byKind()).containsOnlyKeys(REQUESTS.keySet());
        assertThat(most).isLessThanOrEqualTo(1500);
    }
}
