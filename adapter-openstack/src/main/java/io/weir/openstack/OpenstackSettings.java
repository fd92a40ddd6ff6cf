package io.weir.openstack;

import io.weir.cloud.CloudConnection;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Supplies;
import io.weir.driver.Promises;
import io.weir.driver.Rates;
import io.weir.openstack.nova.Account;
import io.weir.openstack.nova.OpenstackConnection;
import io.weir.pool.PoolName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One connection, as the configuration says it.
 *
 * @param words of the account, read anew for each login
 * @param lag Nova reads its own databases; a cluster of them may be a little behind
 * @param lateness how long Nova may go on with a request after its caller is gone: it waits for Neutron, Glance and its queue
 */
record OpenstackSettings(
        Supplier<Map<String, String>> words,
        String region,
        Optional<Path> ca,
        Map<String, String> endpoints,
        Map<String, PoolName> takeOver,
        int callsAtOnce,
        Duration connect,
        Duration lag,
        Duration lateness)
        implements ConnectionSettings {
    static final int AT_ONCE = 8;
    static final Duration CONNECT = Duration.ofSeconds(3);
    static final Duration LAG = Duration.ofSeconds(5);
    static final Duration LATENESS = Duration.ofMinutes(2);

    /** As many as go out at once, twice: one call of the driver has to end within the bound. */
    private static final int BATCH_MAX = 16;
    /** What is left of a call's bound after the last answer. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    @Override
    public CloudConnection connect(Supplies supplies) {
        OpenstackConnection connection = new OpenstackConnection(
                new OpenstackConnection.Settings(
                        this::account,
                        region,
                        ca.map(CertificateFile::trust),
                        endpoints,
                        takeOver,
                        new Promises(lag, lateness, Optional.empty(), BATCH_MAX),
                        callsAtOnce,
                        connect,
                        supplies.callBound().minus(MARGIN)),
                new OpenstackConnection.Tools(
                        supplies.clock(),
                        supplies.wall(),
                        () -> TimeUnit.MILLISECONDS.toNanos(supplies.wall().millis()),
                        supplies.threads(),
                        supplies.requests()));
        return new CloudConnection(
                connection.driver(), Rates.UNLIMITED, connection.catalogs(), connection::check, connection.leftovers());
    }

    Account account() {
        List<String> problems = new ArrayList<>();
        return Accounts.account(words.get(), (word, problem) -> problems.add(word + " " + problem))
                .orElseThrow(() -> new IllegalStateException("the account cannot be used: " + problems));
    }

    @Override
    public String toString() {
        return "OpenStack in " + region;
    }
}
