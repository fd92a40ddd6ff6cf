package io.weir.pool;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user declared of a pool: neutral fields that mean the same on every cloud, and one section that only this cloud has.
 *
 * @param size the first size only; a later document never moves the wish, except into its new bounds
 * @param autoscalers the names that may set sizes; empty: any autoscaler
 * @param billingPeriod what is paid for at once, for {@link VictimPolicy#BILLING_PERIOD_END}
 * @param section the cloud's own section as JSON text, {@code "{}"} if there is none
 */
public record PoolDocument(
        int min,
        int max,
        int size,
        Optional<String> image,
        List<String> machineTypes,
        List<String> zones,
        List<DataVolume> dataVolumes,
        Optional<String> userData,
        boolean publicAddress,
        ConnectionPolicy connectionPolicy,
        Optional<String> sshKey,
        Optional<String> network,
        Map<String, String> labels,
        Optional<String> connection,
        List<String> autoscalers,
        Health health,
        VictimPolicy victimPolicy,
        Optional<Duration> billingPeriod,
        Pace pace,
        Timeouts timeouts,
        String section) {

    /** The most that a pool's max may be. */
    public static final int MAX_SIZE = 100_000;

    public PoolDocument {
        machineTypes = List.copyOf(machineTypes);
        zones = List.copyOf(zones);
        dataVolumes = List.copyOf(dataVolumes);
        labels = Map.copyOf(labels);
        autoscalers = List.copyOf(autoscalers);
        if (min < 0 || max < min || max > MAX_SIZE || size < min || size > max) {
            throw new IllegalArgumentException(
                    "0 <= min <= size <= max <= " + MAX_SIZE + " does not hold for " + min + ", " + size + ", " + max);
        }
    }

    /** A pool of nothing but bounds. */
    public static PoolDocument of(int min, int max, int size) {
        return new PoolDocument(
                min,
                max,
                size,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                false,
                ConnectionPolicy.AUTO,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                Health.DEFAULT,
                VictimPolicy.NEWEST,
                Optional.empty(),
                Pace.DEFAULT,
                Timeouts.DEFAULT,
                "{}");
    }

    public PoolDocument withPolicy(VictimPolicy policy, Optional<Duration> period) {
        return new PoolDocument(
                min,
                max,
                size,
                image,
                machineTypes,
                zones,
                dataVolumes,
                userData,
                publicAddress,
                connectionPolicy,
                sshKey,
                network,
                labels,
                connection,
                autoscalers,
                health,
                policy,
                period,
                pace,
                timeouts,
                section);
    }

    /** The same on a connection. */
    public PoolDocument on(String newConnection) {
        return new PoolDocument(
                min,
                max,
                size,
                image,
                machineTypes,
                zones,
                dataVolumes,
                userData,
                publicAddress,
                connectionPolicy,
                sshKey,
                network,
                labels,
                Optional.of(newConnection),
                autoscalers,
                health,
                victimPolicy,
                billingPeriod,
                pace,
                timeouts,
                section);
    }

    public PoolDocument withTimeouts(Health newHealth, Timeouts newTimeouts) {
        return new PoolDocument(
                min,
                max,
                size,
                image,
                machineTypes,
                zones,
                dataVolumes,
                userData,
                publicAddress,
                connectionPolicy,
                sshKey,
                network,
                labels,
                connection,
                autoscalers,
                newHealth,
                victimPolicy,
                billingPeriod,
                pace,
                newTimeouts,
                section);
    }

    /** A disk that is made with each machine, goes with a terminated one and stays with a detached one. */
    public record DataVolume(int sizeGb, Optional<String> type, boolean encrypted) {}

    /**
     * @param replaceAfter how long a machine may be UNHEALTHY before it is replaced; absent: for ever
     * @param probe absent: only others tell service states
     */
    public record Health(Optional<Duration> replaceAfter, Optional<HealthProbe> probe) {
        public static final Health DEFAULT = new Health(Optional.empty(), Optional.empty());
    }

    /**
     * @param boot how long a machine may take to run before it is replaced
     * @param young a machine that dies within this time of running is a launch that never became useful
     * @param adoptAfter how long another store must be silent before its machines are adopted; absent: never by itself
     * @param giveUp how long an unanswered launch in a dark scope holds its slot
     * @param show how long machines that are no more stay visible
     */
    public record Timeouts(
            Duration boot, Duration young, Optional<Duration> adoptAfter, Duration giveUp, Duration show) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                Optional.of(Duration.ofMinutes(15)),
                Duration.ofMinutes(15),
                Duration.ofMinutes(10));
    }
}
