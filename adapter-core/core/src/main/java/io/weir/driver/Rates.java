package io.weir.driver;

import java.util.EnumMap;
import java.util.Map;

/** How much a connection may ask of its cloud: a bucket of tokens for each kind. A kind without one is not limited. */
public record Rates(Map<Kind, Bucket> byKind) {
    public static final Rates UNLIMITED = new Rates(Map.of());

    /** Calls of the SPI, and the machines that they ask something for. */
    public enum Kind {
        LIST,
        FIND,
        LAUNCH,
        LAUNCHED_MACHINES,
        TERMINATE,
        TERMINATED_MACHINES,
        MARK,
        MARKED_MACHINES
    }

    /**
     * @param perSecond how many tokens come back in a second of the service's time
     * @param burst how many there are at most
     */
    public record Bucket(double perSecond, int burst) {
        public Bucket {
            if (!(perSecond >= LEAST && perSecond <= MOST) || burst < 1 || burst > MOST) {
                throw new IllegalArgumentException("perSecond must be from " + LEAST + " to " + MOST
                        + " and burst from 1 to " + MOST + ", not " + perSecond + " and " + burst);
            }
        }

        public static final double LEAST = 0.001;
        public static final int MOST = 1_000_000;
    }

    public Rates {
        byKind = Map.copyOf(byKind);
    }

    /** These, with the other's buckets in their places. */
    public Rates with(Rates other) {
        Map<Kind, Bucket> all = new EnumMap<>(Kind.class);
        all.putAll(byKind);
        all.putAll(other.byKind);
        return new Rates(all);
    }
}
