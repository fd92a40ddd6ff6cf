package io.weir.app;

import io.weir.cloud.Check;
import io.weir.cloud.Preflight;
import io.weir.simulated.ApiFailure;
import io.weir.simulated.SimulatedApi;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What can be known of a simulated cloud without changing it. */
final class SimulatedPreflight implements Preflight {
    private static final Duration TOLERABLE = Duration.ofSeconds(30);

    private final SimulatedApi api;
    private final InstantSource clock;
    private final String where;

    SimulatedPreflight(SimulatedApi api, InstantSource clock, String where) {
        this.api = api;
        this.clock = clock;
        this.where = where;
    }

    @Override
    public List<Check> check() {
        List<Check> checks = new ArrayList<>();
        try {
            Instant before = clock.instant();
            SimulatedApi.Page page = api.machines(Set.of("weir-check"), null);
            checks.add(Check.good("endpoint", where));
            checks.add(Check.good("credentials", "none are needed"));
            Instant middle =
                    before.plus(Duration.between(before, clock.instant()).dividedBy(2));
            Duration skew = Duration.between(middle, page.begun());
            String ahead = "the cloud's clock is " + skew.abs().toMillis() + " ms "
                    + (skew.isNegative() ? "behind" : "ahead of") + " the adapter's";
            checks.add(
                    skew.abs().compareTo(TOLERABLE) <= 0
                            ? Check.good("clock", ahead)
                            : Check.warning("clock", ahead, "give both the same --time-scale, and the same origin"));
            checks.add(Check.skipped("quota", "it tells of a quota only by refusing"));
        } catch (ApiFailure failure) {
            boolean unauthorized = failure.code() == ApiFailure.Code.UNAUTHORIZED;
            checks.add(
                    unauthorized
                            ? Check.good("endpoint", where)
                            : Check.bad(
                                    "endpoint",
                                    where + ": " + failure.code() + ", " + failure.getMessage(),
                                    "start it with: weir cloud simulated"));
            checks.add(
                    unauthorized
                            ? Check.bad(
                                    "credentials",
                                    "refused: " + failure.getMessage(),
                                    "turn its dial: PATCH /dials {\"unauthorized\": false}")
                            : Check.skipped("credentials", "the endpoint does not answer"));
        }
        return checks;
    }
}
