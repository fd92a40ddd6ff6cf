package io.weir.guard;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Kind;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Keeps a connection inside its rates, and inside what the cloud takes when that is less, for all of its pools together.
 *
 * <ol>
 *   <li>Nobody waits here: a call that has to wait is WITHHELD, with the time after which it may pass.
 *   <li>A call is never split, because a batch is the same batch only as a whole. One that asks for more than a full bucket holds
 *       passes when the bucket is full, and the bucket owes the rest.
 *   <li>A call that is withheld for one bucket takes nothing from the others.
 *   <li>After a call that the cloud throttled those of its kind wait, as {@link Backoff} says.
 *   <li>{@code resolve} is not paced: what it reads is remembered.
 * </ol>
 */
public final class PacedDriver implements CloudDriver {
    private static final long THOUSAND = 1000;

    private final CloudDriver driver;
    private final InstantSource clock;
    private final Map<Kind, Limit> limits = new EnumMap<>(Kind.class);
    private final Map<Kind, Backoff> backoffs = new EnumMap<>(Kind.class);

    /**
     * @param clock the service's, so that tokens come back in its time
     * @param dice for the times of back-off; used by one thread at a time
     */
    public PacedDriver(CloudDriver driver, Rates rates, InstantSource clock, RandomGenerator dice) {
        this.driver = driver;
        this.clock = clock;
        for (Kind kind : Kind.values()) {
            backoffs.put(kind, new Backoff(dice));
        }
        TimeMeter time = new Since(clock.instant(), clock);
        rates.byKind().forEach((kind, rate) -> limits.put(kind, new Limit(rate, bucket(rate, time))));
    }

    private record Limit(Rates.Bucket rate, Bucket tokens) {}

    private static Bucket bucket(Rates.Bucket rate, TimeMeter time) {
        long perThousandSeconds = Math.round(rate.perSecond() * THOUSAND);
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit ->
                        limit.capacity(rate.burst()).refillGreedy(perThousandSeconds, Duration.ofSeconds(THOUSAND)))
                .build();
    }

    private record Since(Instant origin, InstantSource clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return Duration.between(origin, clock.instant()).toNanos();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /** How many tokens each bucket has now; below zero while it owes some. */
    public Map<Kind, Long> tokensLeft() {
        Map<Kind, Long> left = new EnumMap<>(Kind.class);
        limits.forEach((kind, limit) -> left.put(kind, limit.tokens().getAvailableTokens()));
        return left;
    }

    @Override
    public Promises promises() {
        return driver.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        return driver.resolve(document);
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        take(Map.of(Kind.LIST, 1));
        return heard(Kind.LIST, () -> driver.list(pools), listing -> List.of());
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        take(Map.of(Kind.LAUNCH, 1, Kind.LAUNCHED_MACHINES, batch.names().size()));
        return heard(
                Kind.LAUNCH, () -> driver.launch(batch), said -> said.byKey().values());
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        take(Map.of(Kind.TERMINATE, 1, Kind.TERMINATED_MACHINES, ids.size()));
        return heard(Kind.TERMINATE, () -> driver.terminate(ids), said -> said.byKey()
                .values());
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        take(Map.of(Kind.MARK, 1, Kind.MARKED_MACHINES, marks.size()));
        return heard(Kind.MARK, () -> driver.mark(marks), said -> said.byKey().values());
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        take(Map.of(Kind.FIND, 1));
        return heard(Kind.FIND, () -> driver.find(id), found -> List.of());
    }

    private interface Call<A> {
        A make() throws CloudException;
    }

    private <A> A heard(Kind kind, Call<A> call, Function<A, Collection<Outcome>> outcomes) throws CloudException {
        try {
            A answer = call.make();
            Optional<Outcome.Refused> throttled = outcomes.apply(answer).stream()
                    .filter(Outcome.Refused.class::isInstance)
                    .map(Outcome.Refused.class::cast)
                    .filter(refused -> refused.kind() == FailureKind.THROTTLED)
                    .findFirst();
            if (throttled.isPresent()) {
                throttled(kind, throttled.get().retryAfter());
            } else {
                passed(kind);
            }
            return answer;
        } catch (CloudException failure) {
            if (failure.kind() == FailureKind.THROTTLED) {
                throttled(kind, failure.retryAfter());
            }
            throw failure;
        }
    }

    private synchronized void throttled(Kind kind, Optional<Duration> said) {
        backoff(kind).throttled(clock.instant(), said);
    }

    private synchronized void passed(Kind kind) {
        backoff(kind).passed();
    }

    private Backoff backoff(Kind kind) {
        return Objects.requireNonNull(backoffs.get(kind));
    }

    private synchronized void take(Map<Kind, Integer> needs) throws CloudException {
        for (Kind kind : needs.keySet()) {
            Optional<Duration> left = backoff(kind).left(clock.instant());
            if (left.isPresent()) {
                throw new CloudException(
                        FailureKind.WITHHELD, "the cloud throttled calls of this kind: " + word(kind), left);
            }
        }
        for (Map.Entry<Kind, Limit> entry : limits.entrySet()) {
            Limit limit = entry.getValue();
            int need = needs.getOrDefault(entry.getKey(), 0);
            if (need > 0) {
                EstimationProbe probe = limit.tokens()
                        .estimateAbilityToConsume(Math.min(need, limit.rate().burst()));
                if (!probe.canBeConsumed()) {
                    throw withheld(entry.getKey(), limit.rate(), Duration.ofNanos(probe.getNanosToWaitForRefill()));
                }
            }
        }
        limits.forEach((kind, limit) -> {
            int need = needs.getOrDefault(kind, 0);
            if (need > 0) {
                limit.tokens().consumeIgnoringRateLimits(need);
            }
        });
    }

    /** The same text each time, so that who tells it once tells it once. */
    private static CloudException withheld(Kind kind, Rates.Bucket rate, Duration wait) {
        return new CloudException(
                FailureKind.WITHHELD,
                "the connection's own limit is used up (" + word(kind) + ": " + rate.perSecond() + " a second, "
                        + rate.burst() + " at once)",
                Optional.of(wait));
    }

    /** As it is written in a configuration: {@code launchedMachines}. */
    public static String word(Kind kind) {
        String[] words = kind.name().toLowerCase(Locale.ROOT).split("_");
        return words.length == 1
                ? words[0]
                : words[0] + Character.toUpperCase(words[1].charAt(0)) + words[1].substring(1);
    }
}
