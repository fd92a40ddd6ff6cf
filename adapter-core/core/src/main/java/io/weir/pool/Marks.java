package io.weir.pool;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Weir writes on a machine so that a store that does not know it finds it again. A pool of none is a released machine.
 *
 * @param revision grows with every write; a reader believes the highest
 * @param heartbeat when the writing store was last alive, to the second; carried by one member of a pool only
 */
public record Marks(
        Optional<PoolName> pool,
        StoreId store,
        long revision,
        ServiceState service,
        MembershipStatus membership,
        Optional<Instant> heartbeat) {

    /** The tag that names the pool; it travels in the launch call. */
    public static final String POOL_TAG = "weir-pool";
    /** The tag that carries {@link #encode()}. */
    public static final String MARKS_TAG = "weir-marks";
    /** The tag that carries our own name of the machine. */
    public static final String NAME_TAG = "weir-name";

    private static final Pattern FORM =
            Pattern.compile("1_([a-z0-9]{8})_([a-z0-9]{1,13})_([biuox])_([ai][ek])_([a-z0-9]{1,13})");
    private static final String SERVICES = "biuox";

    public static Marks first(PoolName pool, StoreId store) {
        return new Marks(Optional.of(pool), store, 1, ServiceState.UNKNOWN, MembershipStatus.DEFAULT, Optional.empty());
    }

    /** All but the pool in one value of at most 63 of {@code a-z 0-9 _}, legal on the poorest cloud's labels. */
    public String encode() {
        return "1_" + store + "_" + Long.toString(revision, 36) + "_" + SERVICES.charAt(service.ordinal()) + "_"
                + (membership.active() ? 'a' : 'i') + (membership.evictable() ? 'e' : 'k') + "_"
                + Long.toString(heartbeat.map(Instant::getEpochSecond).orElse(0L), 36);
    }

    /** Empty if the value is not one of ours: a machine whose mark was edited by hand is then one without marks. */
    public static Optional<Marks> decode(Optional<PoolName> pool, String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            return Optional.empty();
        }
        try {
            long beat = Long.parseLong(form.group(5), 36);
            return Optional.of(new Marks(
                    pool,
                    new StoreId(form.group(1)),
                    Long.parseLong(form.group(2), 36),
                    ServiceState.values()[SERVICES.indexOf(form.group(3))],
                    new MembershipStatus(
                            form.group(4).charAt(0) == 'a', form.group(4).charAt(1) == 'e'),
                    beat == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(beat))));
        } catch (NumberFormatException | java.time.DateTimeException tooLarge) {
            return Optional.empty();
        }
    }
}
