package io.weir.certs;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;

/** Dates of certificates as people read them, in UTC. */
final class Dates {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private Dates() {}

    static String day(Date date) {
        return DAY.format(date.toInstant());
    }

    static String minute(Date date) {
        return MINUTE.format(date.toInstant());
    }
}
