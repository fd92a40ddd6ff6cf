package io.weir.cloud;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;

/**
 * What an adapter hands to each connection; a connection makes no clock and no thread of its own.
 *
 * @param name the connection's own name, for messages
 * @param clock the service's time: when a listing began, how old a catalog is. On a real cloud it is the real time, and never leaps
 * @param wall the machine's own clock, as certificates and signatures see it
 * @param threads for calls that a driver makes side by side: a new virtual thread for each
 * @param requests where each request to the cloud is told of
 * @param callBound real time that a call of the driver may last as a whole: after it nobody waits any more
 */
public record Supplies(
        String name,
        InstantSource clock,
        InstantSource wall,
        ExecutorService threads,
        RequestMeter requests,
        Duration callBound) {}
