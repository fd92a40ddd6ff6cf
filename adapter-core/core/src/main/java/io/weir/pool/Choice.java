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
            int zone = text.indexOf('/');
            int market = text.lastIndexOf('/'); // a type may have slashes in its name, a zone has none
            return new Key(
                    text.substring(0, zone),
                    text.substring(zone + 1, market),
                    Market.valueOf(text.substring(market + 1)));
        }
    }
}
