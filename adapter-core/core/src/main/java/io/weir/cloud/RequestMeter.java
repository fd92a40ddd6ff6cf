package io.weir.cloud;

import java.time.Duration;

/** Counts requests to a cloud, in the cloud's own words. */
@FunctionalInterface
public interface RequestMeter {
    RequestMeter NONE = (operation, outcome, took) -> {};

    /**
     * @param operation of a small fixed set, such as {@code POST /servers}
     * @param outcome of a small fixed set, such as a status or {@code timeout}
     */
    void requested(String operation, String outcome, Duration took);
}
