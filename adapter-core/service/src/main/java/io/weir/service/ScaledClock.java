package io.weir.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.service.json.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A clock that may run faster than the real one: now = origin + (real now − origin) × scale.
 *
 * <ol>
 *   <li>The scale is between 1 and {@value #FASTEST}; at 1 it is the real time.
 *   <li>Origin and scale are written once, whole or not at all, to {@code time.json} in the home, by whichever process comes first;
 *       every process of that home reads them from there, so all agree and a restart never jumps. A home keeps its scale for life.
 *   <li>The real time is read once, when the clock is made; from then on it advances with the monotonic clock, so it never goes back
 *       and never leaps, whatever is done to the machine's own clock. {@link #skew()} tells how far the two have come apart.
 * </ol>
 */
public final class ScaledClock extends Clock implements InstantSource {
    public static final int FASTEST = 300;

    private static final String FILE = "time.json";
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private final Instant origin;
    private final long thousandths;
    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant begun;
    private final long begunNanos;
    private final ZoneId zone;

    private ScaledClock(
            Instant origin,
            long thousandths,
            InstantSource wall,
            LongSupplier nanos,
            Instant begun,
            long begunNanos,
            ZoneId zone) {
        this.origin = origin;
        this.thousandths = thousandths;
        this.wall = wall;
        this.nanos = nanos;
        this.begun = begun;
        this.begunNanos = begunNanos;
        this.zone = zone;
    }

    /** The real time. */
    public static ScaledClock real() {
        return of(Instant.EPOCH, 1000, Clock.systemUTC(), System::nanoTime);
    }

    /** The clock of this home, which is made with this scale unless it has another already. */
    public static ScaledClock of(Path home, double scale) {
        return of(home, scale, Clock.systemUTC(), System::nanoTime);
    }

    static ScaledClock of(Path home, double scale, InstantSource wall, LongSupplier nanos) {
        long wanted = thousandths(scale);
        Path file = home.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                write(home, file, wall.instant().truncatedTo(ChronoUnit.MILLIS), wanted);
            }
            JsonNode kept = new ObjectMapper().readTree(Files.readAllBytes(file));
            Instant origin = Instant.parse(kept.path("origin").asText());
            long found = thousandths(kept.path("timeScale").asDouble());
            if (found != wanted) {
                throw new IllegalArgumentException("--time-scale " + text(wanted) + ": the home " + home
                        + " runs at time scale " + text(found) + ", and a home keeps its scale; use another home, or "
                        + text(found));
            }
            return of(origin, found, wall, nanos);
        } catch (DateTimeException | com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is damaged; with it the time of this home is lost", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the clock's file " + file + " cannot be used", e);
        }
    }

    private static ScaledClock of(Instant origin, long thousandths, InstantSource wall, LongSupplier nanos) {
        return new ScaledClock(origin, thousandths, wall, nanos, wall.instant(), nanos.getAsLong(), ZoneOffset.UTC);
    }

    /** Linking a finished file into place either makes it whole or finds the one that another process made. */
    private static void write(Path home, Path file, Instant origin, long thousandths) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("origin", WireJson.time(origin));
        content.put("timeScale", thousandths / 1000.0);
        Files.createDirectories(home);
        Path draft = Files.createTempFile(home, "time", ".draft");
        try {
            Files.write(draft, WireJson.bytes(content));
            try {
                Files.createLink(file, draft);
            } catch (UnsupportedOperationException noLinksHere) {
                Files.move(draft, file);
            }
        } catch (FileAlreadyExistsException anotherCameFirst) {
            // Theirs is read next.
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static long thousandths(double scale) {
        if (!(scale >= 1 && scale <= FASTEST)) {
            throw new IllegalArgumentException("--time-scale must be from 1 to " + FASTEST + ", not " + scale);
        }
        return Math.round(scale * 1000);
    }

    private static String text(long thousandths) {
        return BigDecimal.valueOf(thousandths)
                .divide(THOUSAND)
                .stripTrailingZeros()
                .toPlainString();
    }

    public double scale() {
        return thousandths / 1000.0;
    }

    @Override
    public Instant instant() {
        Instant real = realNow();
        return thousandths == 1000 ? real : origin.plus(scaled(Duration.between(origin, real)));
    }

    /** How long a real duration is on this clock. */
    public Duration scaled(Duration real) {
        return times(real, BigDecimal.valueOf(thousandths).divide(THOUSAND));
    }

    /** How long a duration of this clock really takes. */
    public Duration real(Duration scaled) {
        if (thousandths == 1000) {
            return scaled;
        }
        return Duration.ofNanos(nanos(scaled)
                .multiply(THOUSAND)
                .divide(BigDecimal.valueOf(thousandths), 0, RoundingMode.CEILING)
                .longValueExact());
    }

    /** How far the machine's own clock has moved away from this one's real time since it was made. */
    public Duration skew() {
        return Duration.between(realNow(), wall.instant());
    }

    private Instant realNow() {
        return begun.plusNanos(nanos.getAsLong() - begunNanos);
    }

    private static Duration times(Duration duration, BigDecimal factor) {
        BigDecimal[] parts = nanos(duration).multiply(factor).divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValue());
    }

    private static BigDecimal nanos(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds())
                .multiply(BigDecimal.valueOf(1_000_000_000L))
                .add(BigDecimal.valueOf(duration.getNano()));
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public ScaledClock withZone(ZoneId other) {
        return new ScaledClock(origin, thousandths, wall, nanos, begun, begunNanos, other);
    }

    @Override
    public long millis() {
        return instant().toEpochMilli();
    }
}
