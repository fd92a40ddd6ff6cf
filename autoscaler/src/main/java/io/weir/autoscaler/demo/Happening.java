package io.weir.autoscaler.demo;

import java.time.Instant;

/** Something that was done to the fleet, or that it did, worth a line and a mark in the plot. */
public record Happening(Instant at, Kind kind, String text) {
    public enum Kind {
        MACHINE,
        ZONE,
        ADAPTER
    }
}
