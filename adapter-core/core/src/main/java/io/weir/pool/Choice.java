package io.weir.pool;

import java.math.BigDecimal;
import java.util.Optional;

/** Where and as what a machine can be launched. A batch keeps its choice for life: a token holds for one zone only. */
public record Choice(String zone, String machineType, Market market, Optional<BigDecimal> pricePerHour) {

    public Scope scope() {
        return new Scope(zone);
    }

    /** The identity of a choice, whatever it costs today. */
    public Key key() {
        return new Key(zone, machineType, market);
    }

    public record Key(String zone, String machineType, Market market) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return zone + "/" + machineType + "/" + market;
        }

        public static Key parse(String text) {
            String[] parts = text.split("/", 3);
            return new Key(parts[0], parts[1], Market.valueOf(parts[2]));
        }
    }
}
