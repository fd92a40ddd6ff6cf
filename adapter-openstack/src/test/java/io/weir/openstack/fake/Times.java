package io.weir.openstack.fake;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Moments as the services write them: each in its own way, all without fractions, as their databases keep them. */
final class Times {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private Times() {}

    static Instant seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    /** {@code 2026-01-01T00:00:00Z} */
    static String plain(Instant at) {
        return seconds(at).toString();
    }

    /** {@code 2026-01-01T00:00:00.000000}; nothing for none. */
    static @Nullable String micros(@Nullable Instant at) {
        return at == null ? null : MICROS.format(seconds(at));
    }

    /** {@code 2026-01-01T00:00:00.000000Z} */
    static String microsZ(Instant at) {
        return micros(at) + "Z";
    }
}
