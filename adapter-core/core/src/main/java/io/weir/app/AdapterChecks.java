package io.weir.app;

import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.cloud.Check;
import io.weir.cloud.Cloud;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.RequestMeter;
import io.weir.cloud.Supplies;
import io.weir.driver.CloudException;
import io.weir.guard.BoundedDriver;
import io.weir.guard.TemplateCheck;
import io.weir.pool.PoolName;
import io.weir.reconcile.Connections;
import io.weir.service.ScaledClock;
import io.weir.service.config.ConfigProblems;
import io.weir.service.run.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Everything that has to be right before a pool runs, in the order in which an adapter meets it.
 *
 * <ol>
 *   <li>The configuration, read whole; what is wrong there ends the checks, because nothing behind it is known.
 *   <li>The certificates, the home and the store in it.
 *   <li>Each connection, as its cloud's own preflight finds it.
 *   <li>Each pool's template, resolved on its connection. Once a connection did not answer, its further pools are skipped.
 * </ol>
 */
final class AdapterChecks {
    private static final Duration LITTLE_TIME = Duration.ofDays(14);
    private static final long LITTLE_SPACE = 200L * 1024 * 1024;

    private final Cloud cloud;
    private final Path file;
    private final Path home;
    private final Clock wall;
    private final List<Check> checks = new ArrayList<>();

    AdapterChecks(Cloud cloud, Path file, Path home, Clock wall) {
        this.cloud = cloud;
        this.file = file;
        this.home = home;
        this.wall = wall;
    }

    List<Check> all() {
        configuration().ifPresent(config -> {
            certificates(config);
            home();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Map<String, CloudConnection> connections = connections(config, threads);
                pools(config, connections, threads);
            }
        });
        return List.copyOf(checks);
    }

    private Optional<AdapterConfig> configuration() {
        try {
            AdapterConfig config = AdapterConfig.read(file, cloud);
            checks.add(Check.good(
                    "configuration",
                    "connections: "
                            + String.join(
                                    ", ", new TreeSet<>(config.connections().keySet())) + "; pools: "
                            + (config.pools().isEmpty()
                                    ? "none"
                                    : String.join(
                                            ", ",
                                            config.pools().keySet().stream()
                                                    .map(PoolName::value)
                                                    .sorted()
                                                    .toList()))));
            return Optional.of(config);
        } catch (ConfigProblems problems) {
            checks.add(Check.bad("configuration", String.valueOf(problems.getMessage()), "mend the file"));
            return Optional.empty();
        }
    }

    private void certificates(AdapterConfig config) {
        String name = "certificates";
        Path own = home.resolve("certs");
        if (config.tls().isEmpty() && !Files.exists(own.resolve("server.pem"))) {
            checks.add(Check.good(name, "none are configured: development certificates are made at the first start"));
            return;
        }
        TlsSettings tls = config.tls()
                .orElse(new TlsSettings(own.resolve("server.pem"), own.resolve("server.key"), own.resolve("ca.pem")));
        try {
            Tls.context(tls, wall);
            Instant now = wall.instant();
            X509Certificate certificate = Pem.certificates(tls.certificate()).getFirst();
            Instant end = certificate.getNotAfter().toInstant();
            Duration left = Duration.between(now, end);
            if (certificate.getNotBefore().toInstant().isAfter(now)) {
                checks.add(Check.bad(
                        name,
                        tls.certificate() + " begins only on "
                                + certificate.getNotBefore().toInstant(),
                        "set this machine's clock, or issue another one"));
            } else if (left.isNegative()) {
                checks.add(Check.bad(
                        name, tls.certificate() + " ended on " + end, "issue another one: weir certs issue server"));
            } else if (left.compareTo(LITTLE_TIME) < 0 && config.tls().isPresent()) {
                checks.add(Check.warning(
                        name,
                        tls.certificate() + " ends on " + end,
                        "issue another one soon: weir certs issue server"));
            } else {
                checks.add(Check.good(name, tls.certificate() + " until " + end));
            }
        } catch (CertsProblem problem) {
            checks.add(Check.bad(name, String.valueOf(problem.getMessage()), "see tls in the configuration"));
        }
    }

    private void home() {
        String name = "store";
        try {
            Optional<String> other = Home.owner(home).filter(owner -> !owner.equals(cloud.name()));
            Optional<RunFile.Entry> adapter = Files.isDirectory(home)
                    ? new RunFile(home).read("adapter").filter(RunFile.Entry::isAlive)
                    : Optional.empty();
            if (other.isPresent()) {
                checks.add(Check.bad(
                        name, home + " belongs to an adapter of " + other.get(), "use another one with --home"));
            } else if (adapter.isPresent()) {
                checks.add(Check.good(
                        name,
                        home + " is in use by the adapter with pid "
                                + adapter.get().pid()));
            } else if (Files.isDirectory(home)) {
                writable(name, home, "is writable");
            } else {
                Path above = home;
                while (above.getParent() != null && !Files.exists(above)) {
                    above = above.getParent();
                }
                writable(name, above, "is writable, and " + home + " is made at the first start");
            }
        } catch (IOException unreadable) {
            checks.add(Check.bad(
                    name, home + " cannot be read: " + unreadable.getMessage(), "use another one with --home"));
        }
    }

    /** Tried, because permissions alone say nothing of a file system that is read-only or full. */
    private void writable(String name, Path folder, String found) {
        try {
            Files.delete(Files.writeString(Files.createTempFile(folder, "weir-check", ".tmp"), "x".repeat(4096)));
            Path store = folder.resolve("store.db");
            if (Files.exists(store) && !Files.isWritable(store)) {
                throw new IOException(store + " belongs to somebody else");
            }
            long free = Files.getFileStore(folder).getUsableSpace();
            checks.add(
                    free < LITTLE_SPACE
                            ? Check.warning(
                                    name,
                                    folder + " " + found + ", with " + free / 1024 / 1024 + " MB left",
                                    "make room: a full disk stops every pool")
                            : Check.good(name, folder + " " + found));
        } catch (IOException refused) {
            checks.add(Check.bad(
                    name,
                    folder + " cannot be written: " + refused.getMessage(),
                    "give this user the right to, or use another one with --home"));
        }
    }

    private Map<String, CloudConnection> connections(AdapterConfig config, ExecutorService threads) {
        Map<String, CloudConnection> connections = new LinkedHashMap<>();
        new TreeMap<>(config.connections()).forEach((name, plan) -> {
            String of = "connection " + name + ": ";
            try {
                CloudConnection connection = plan.settings()
                        .connect(new Supplies(
                                name,
                                clock(),
                                wall,
                                threads,
                                RequestMeter.NONE,
                                config.watch().callBound()));
                connections.put(name, connection);
                for (Check check : connection.preflight().check()) {
                    checks.add(new Check(of + check.name(), check.result(), check.text(), check.remedy()));
                }
            } catch (IllegalArgumentException unusable) {
                checks.add(Check.bad(of + "settings", String.valueOf(unusable.getMessage()), "mend the file"));
            }
        });
        return connections;
    }

    /** The home's own, if it has one. */
    private ScaledClock clock() {
        try {
            return Files.exists(home.resolve("time.json"))
                    ? ScaledClock.of(home, Home.scale(home, 0))
                    : ScaledClock.real();
        } catch (IOException unreadable) {
            return ScaledClock.real();
        }
    }

    private void pools(AdapterConfig config, Map<String, CloudConnection> connections, ExecutorService threads) {
        Map<String, PoolName> silent = new LinkedHashMap<>();
        new TreeMap<>(config.pools()).forEach((name, document) -> {
            String check = "pool " + name + ": template";
            String on = Connections.meant(
                    document.connection(), config.connections().keySet());
            CloudConnection connection = connections.get(on);
            if (connection == null) {
                checks.add(Check.skipped(check, "the connection " + on + " cannot be used"));
            } else if (silent.containsKey(on)) {
                checks.add(Check.skipped(check, "the connection " + on + " failed for the pool " + silent.get(on)));
            } else {
                try {
                    checks.add(TemplateCheck.of(
                            check,
                            new BoundedDriver(
                                    connection.driver(), threads, config.watch().callBound()),
                            document));
                } catch (CloudException failed) {
                    silent.put(on, name);
                    checks.add(Check.bad(
                            check,
                            failed.kind() + ", " + failed.getMessage(),
                            "see what is bad of the connection " + on));
                }
            }
        });
    }
}
