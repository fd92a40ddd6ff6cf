package io.weir.probe;

import io.weir.pool.HealthProbe;
import io.weir.pool.ServiceState;
import java.util.Optional;

/**
 * How often in a row a service answered, or did not, and what that says of it.
 *
 * <ol>
 *   <li>Enough answers: IN_SERVICE, whatever it was.
 *   <li>No answer from a service that never answered: BOOTING, for as long as a machine may boot.
 *   <li>Not enough answers in a row from any other: UNHEALTHY.
 *   <li>OUT_OF_SERVICE is an operator's word, and stands.
 * </ol>
 */
record Streak(int successes, int failures) {
    static final Streak NONE = new Streak(0, 0);

    Streak then(boolean healthy) {
        return healthy ? new Streak(successes + 1, 0) : new Streak(0, failures + 1);
    }

    /**
     * @param boots whether the machine may still be booting
     * @return empty: what is said of it stands
     */
    Optional<ServiceState> verdict(ServiceState said, HealthProbe probe, boolean boots) {
        ServiceState found = said;
        if (said == ServiceState.OUT_OF_SERVICE) {
            return Optional.empty();
        }
        boolean neverServed = said == ServiceState.UNKNOWN || said == ServiceState.BOOTING;
        if (successes >= probe.successes()) {
            found = ServiceState.IN_SERVICE;
        } else if (failures > 0 && neverServed && boots) {
            found = ServiceState.BOOTING;
        } else if (failures >= probe.failures()) {
            found = ServiceState.UNHEALTHY;
        }
        return found == said ? Optional.empty() : Optional.of(found);
    }
}
