package io.weir.app;

import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.cloud.Cloud;
import io.weir.cloud.ConnectionSettings;
import io.weir.driver.Rates;
import io.weir.http.Documents;
import io.weir.journal.Bounds;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.reconcile.Connection;
import io.weir.reconcile.Connections;
import io.weir.reconcile.Pools;
import io.weir.reconcile.Refusal;
import io.weir.reconcile.WatchSettings;
import io.weir.service.config.ConfigFile;
import io.weir.service.json.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An adapter's configuration file. Every section may be left out; what is left out is the default here. Only a real cloud needs
 * connections.
 *
 * @param tls absent: the development certificates of the home
 * @param subjects roles of certificates that carry no fleet identity, by subject
 * @param connections by name; at least one
 * @param journal how much of the turn journal is kept
 * @param pools seeds: what is changed through the API wins, until {@code --reset-from-file}
 */
record AdapterConfig(
        String host,
        int port,
        String managementHost,
        int managementPort,
        Optional<TlsSettings> tls,
        Map<String, Role> subjects,
        Watching watch,
        Map<String, ConnectionPlan> connections,
        Bounds journal,
        Map<PoolName, PoolDocument> pools) {
    static final int USUAL_PORT = 8443;
    private static final int USUAL_MANAGEMENT_PORT = 8444;
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_PORT = 65_535;
    private static final int LONGEST_PATH = 4096;
    private static final int MOST_POOLS = 1000;
    private static final int MOST_CONNECTIONS = 100;
    private static final int FIRST_MAX = 100;
    private static final int MOST_DAYS = 3650;
    private static final int MOST_MEGABYTES = 1 << 20;
    private static final long MEGABYTE = 1 << 20;

    /** How often and how patiently pools are watched, in the service's own time; the bound of a call is real time. */
    record Watching(Duration interval, Duration busy, Duration staleAfter, Duration callBound) {
        static final Watching EMBEDDED = new Watching(
                Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofSeconds(10));
        static final Watching DEFAULT = new Watching(
                Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(10));

        WatchSettings at(double timeScale) {
            return new WatchSettings(interval, busy, staleAfter, callBound, timeScale);
        }
    }

    /** Without a file: one pool, on the loopback. */
    static AdapterConfig embedded(ConnectionSettings usual) {
        return new AdapterConfig(
                LOOPBACK,
                USUAL_PORT,
                LOOPBACK,
                0,
                Optional.empty(),
                Map.of(),
                Watching.EMBEDDED,
                Map.of(Connection.DEFAULT, new ConnectionPlan(usual, Rates.UNLIMITED)),
                Bounds.DEFAULT,
                Map.of(Pools.DEFAULT, PoolDocument.of(0, FIRST_MAX, 0)));
    }

    /** @throws io.weir.service.config.ConfigProblems naming every problem of the file */
    static AdapterConfig read(Path file, Cloud cloud) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        return ConfigFile.read(file, fields -> read(fields, folder, cloud));
    }

    private static AdapterConfig read(Fields fields, Path folder, Cloud cloud) {
        String named = fields.optionalString("cloud", 64, cloud.name());
        if (!named.equals(cloud.name())) {
            fields.problem("cloud", "is \"" + named + "\"; this is the adapter of " + cloud.name());
        }
        Listening main =
                fields.optional("listen", listen -> listening(listen, USUAL_PORT), new Listening(LOOPBACK, USUAL_PORT));
        Listening management = fields.optional(
                "management",
                listen -> listening(listen, USUAL_MANAGEMENT_PORT),
                new Listening(LOOPBACK, USUAL_MANAGEMENT_PORT));
        Optional<TlsSettings> tls = Optional.ofNullable(fields.optional(
                "tls",
                files -> new TlsSettings(
                        folder.resolve(files.requiredString("certificate", LONGEST_PATH)),
                        folder.resolve(files.requiredString("key", LONGEST_PATH)),
                        folder.resolve(files.requiredString("trust", LONGEST_PATH)))));
        Map<String, ConnectionPlan> connections = connections(fields, folder, cloud);
        return new AdapterConfig(
                main.host(),
                main.port(),
                management.host(),
                management.port(),
                tls,
                subjects(fields),
                fields.optional("watch", AdapterConfig::watching, Watching.DEFAULT),
                connections,
                fields.optional("journal", AdapterConfig::journal, Bounds.DEFAULT),
                pools(fields, connections.keySet(), new Documents(cloud.name(), cloud::section)));
    }

    private static Map<String, ConnectionPlan> connections(Fields fields, Path folder, Cloud cloud) {
        boolean there = fields.has("connections");
        Map<String, ConnectionPlan> connections = new LinkedHashMap<>();
        fields.map(
                        "connections",
                        MOST_CONNECTIONS,
                        connection -> new ConnectionPlan(
                                cloud.connection(connection, folder),
                                connection.optional("limits", ConnectionPlan::limits, Rates.UNLIMITED)))
                .forEach((name, plan) -> {
                    if (PoolName.isLegal(name)) {
                        connections.put(name, plan);
                    } else {
                        fields.problem(
                                "connections." + name,
                                "is no name of a connection: 1 to 30 of a-z, 0-9 and -, a letter first, no dash at the"
                                        + " end");
                    }
                });
        if (!there) {
            cloud.usual()
                    .ifPresentOrElse(
                            usual -> connections.put(Connection.DEFAULT, new ConnectionPlan(usual, Rates.UNLIMITED)),
                            () -> fields.problem(
                                    "connections",
                                    "is missing; an adapter of " + cloud.name() + " needs one, as in\n"
                                            + cloud.example().indent(4).stripTrailing()));
        } else if (connections.isEmpty()) {
            fields.problem("connections", "has none that can be used");
        }
        return connections;
    }

    private record Listening(String host, int port) {}

    private static Listening listening(Fields fields, int usual) {
        return new Listening(
                fields.optionalString("host", 255, LOOPBACK), fields.optionalInt("port", 0, HIGHEST_PORT, usual));
    }

    private static Map<String, Role> subjects(Fields fields) {
        Map<String, Role> roles = new LinkedHashMap<>();
        fields.stringMap("subjects", MOST_POOLS, 64).forEach((subject, word) -> Role.of(word)
                .ifPresentOrElse(
                        role -> roles.put(subject, role),
                        () -> fields.problem(
                                "subjects",
                                "gives \"" + subject + "\" the role \"" + word + "\"; there are "
                                        + "viewer, monitor, autoscaler, operator and admin")));
        return roles;
    }

    private static Watching watching(Fields fields) {
        Duration least = Duration.ofMillis(100);
        Duration busy = fields.optionalDuration("busy", least, Duration.ofSeconds(5), Watching.DEFAULT.busy());
        Duration interval =
                fields.optionalDuration("interval", least, Duration.ofMinutes(10), Watching.DEFAULT.interval());
        Duration stale = fields.optionalDuration(
                "staleAfter", Duration.ofSeconds(1), Duration.ofHours(1), Watching.DEFAULT.staleAfter());
        if (busy.compareTo(interval) > 0) {
            fields.problem("busy", "must not be longer than interval (" + interval + ")");
        }
        if (stale.compareTo(interval) <= 0) {
            fields.problem("staleAfter", "must be longer than interval (" + interval + ")");
        }
        return new Watching(
                interval.compareTo(busy) < 0 ? busy : interval,
                busy,
                stale,
                fields.optionalDuration(
                        "callBound", Duration.ofSeconds(1), Duration.ofMinutes(1), Watching.DEFAULT.callBound()));
    }

    private static Bounds journal(Fields fields) {
        int days = fields.optionalInt(
                "days", 1, MOST_DAYS, (int) Bounds.DEFAULT.age().toDays());
        int megabytes = fields.optionalInt("megabytes", 0, MOST_MEGABYTES, (int) (Bounds.DEFAULT.bytes() / MEGABYTE));
        return new Bounds(Duration.ofDays(days), megabytes * MEGABYTE);
    }

    private static Map<PoolName, PoolDocument> pools(Fields fields, Set<String> connections, Documents documents) {
        Map<PoolName, PoolDocument> pools = new LinkedHashMap<>();
        fields.map("pools", MOST_POOLS, documents::read).forEach((name, document) -> {
            if (PoolName.isLegal(name)) {
                pools.put(new PoolName(name), document);
                connected(fields, "pools." + name + ".connection", document, connections);
            } else {
                fields.problem(
                        "pools." + name,
                        "is no pool name: 1 to 30 of a-z, 0-9 and -, a letter first, no dash at the end");
            }
        });
        return pools;
    }

    /** Connections that could not be read are told of already. */
    private static void connected(Fields fields, String field, PoolDocument document, Set<String> connections) {
        if (!connections.isEmpty()) {
            try {
                Connections.meant(document.connection(), connections);
            } catch (Refusal unknown) {
                fields.problem(field, unknown.text());
            }
        }
    }

    AdapterSettings settings(Path home, TlsSettings served, double timeScale, boolean resetFromFile) {
        return new AdapterSettings(
                home,
                host,
                port,
                managementHost,
                managementPort,
                served,
                subjects,
                watch.at(timeScale),
                connections,
                journal,
                pools,
                resetFromFile);
    }

    AdapterConfig withPorts(Optional<Integer> mainPort, Optional<Integer> plainPort) {
        return new AdapterConfig(
                host,
                mainPort.orElse(port),
                managementHost,
                plainPort.orElse(managementPort),
                tls,
                subjects,
                watch,
                connections,
                journal,
                pools);
    }
}
