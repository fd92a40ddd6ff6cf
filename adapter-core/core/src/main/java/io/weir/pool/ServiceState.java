package io.weir.pool;

/** The health of the service on a machine, as operators or monitors tell it (cloud pool REST API 5.0, "service state"). */
public enum ServiceState {
    BOOTING,
    IN_SERVICE,
    UNHEALTHY,
    OUT_OF_SERVICE,
    UNKNOWN
}
