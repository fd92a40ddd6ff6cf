package io.weir.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * How the adapter itself looks whether the service of a machine answers, at the address that the connection policy chooses.
 *
 * @param http absent: it is enough that somebody takes the connection
 * @param interval from one look at a machine to the next
 * @param timeout of one look, in real time
 * @param failures so many in a row, and a service is UNHEALTHY
 * @param successes so many in a row, and it is IN_SERVICE
 */
public record HealthProbe(
        int port, Optional<Http> http, Duration interval, Duration timeout, int failures, int successes) {

    /**
     * A GET that is to be answered with this status.
     *
     * @param path begins with a slash; it may carry a query
     */
    public record Http(String path, int status) {}
}
