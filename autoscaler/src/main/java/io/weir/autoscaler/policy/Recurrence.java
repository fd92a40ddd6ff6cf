package io.weir.autoscaler.policy;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A moment that comes again and again: five cron fields (minute, hour, day of month, month, day of week) on the wall clock
 * of a zone.
 *
 * <p>Each time on the wall happens once. One that is skipped when clocks go forward happens as they do; one that comes twice
 * when they go back happens the first time.
 */
public final class Recurrence {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final String expression;
    private final ExecutionTime times;

    /** @throws IllegalArgumentException saying what is wrong with the expression */
    public Recurrence(String expression) {
        this.expression = expression;
        this.times = times(expression);
    }

    private static ExecutionTime times(String expression) {
        try {
            return ExecutionTime.forCron(PARSER.parse(expression).validate());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + expression + "\" is no cron expression of five fields: " + e.getMessage(), e);
        }
    }

    /** The last time it came, on the wall clock of the zone, up to and including now. */
    public Optional<LocalDateTime> last(Instant now, ZoneId zone) {
        // Asked in UTC, where no wall time is skipped or doubled; the library's answer lies strictly before what it is
        // asked.
        LocalDateTime minute =
                reached(now, zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        return times.lastExecution(minute.atZone(ZoneOffset.UTC)).map(time -> time.toLocalDateTime());
    }

    /** The latest time that the wall clock has shown so far: in the hour that comes twice, its end. */
    private static LocalDateTime reached(Instant now, ZoneId zone) {
        LocalDateTime shown = LocalDateTime.ofInstant(now, zone);
        @Nullable ZoneOffsetTransition back = zone.getRules().getTransition(shown);
        boolean secondTime = back != null && back.isOverlap() && !now.isBefore(back.getInstant());
        return secondTime ? back.getDateTimeBefore().minusMinutes(1) : shown;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Recurrence that && expression.equals(that.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    /** The expression as it was written. */
    @Override
    public String toString() {
        return expression;
    }
}
