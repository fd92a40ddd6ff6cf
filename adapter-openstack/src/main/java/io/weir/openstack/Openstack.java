package io.weir.openstack;

import io.weir.cloud.Cloud;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Elastisys;
import io.weir.openstack.nova.Account;
import io.weir.openstack.nova.NovaSection;
import io.weir.service.json.Fields;
import io.weir.service.json.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * OpenStack, as an adapter sees it.
 *
 * <ol>
 *   <li>Who logs in stands in the connection itself, in a cloud of {@code clouds.yaml}, or in {@code OS_*}: in this order, and
 *       from one of them only.
 *   <li>Wherever it stands, it is read anew at each login. In the configuration a secret is a reference.
 *   <li>What the connection says beside (region, interface, CA, addresses) wins over the file and the environment.
 * </ol>
 */
public final class Openstack implements Cloud {
    private static final int LONGEST = 4096;

    /** Our field → the word of {@code clouds.yaml}. */
    private static final Map<String, String> FIELDS = fields();

    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("username", "username");
        fields.put("userId", "user_id");
        fields.put("userDomain", "user_domain_name");
        fields.put("userDomainId", "user_domain_id");
        fields.put("project", "project_name");
        fields.put("projectId", "project_id");
        fields.put("projectDomain", "project_domain_name");
        fields.put("projectDomainId", "project_domain_id");
        fields.put("applicationCredentialId", "application_credential_id");
        fields.put("applicationCredentialName", "application_credential_name");
        return fields;
    }

    private static final Map<String, String> SECRETS = Map.of(
            "password", "password",
            "applicationCredentialSecret", "application_credential_secret",
            "token", "token");

    private final Map<String, String> environment;

    public Openstack(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String name() {
        return "openstack";
    }

    @Override
    public String example() {
        return """
            cloud: openstack
            connections:
              default:
                cloud: mycloud                # of clouds.yaml; without it OS_* is read
            pools:
              web:
                max: 10
                image: ubuntu-24.04           # by name (the newest) or id
                machineTypes: [m1.small]      # flavors, in order of preference
                network: my-net
                sshKey: my-key
                openstack:
                  securityGroups: [web]
            """;
    }

    @Override
    public void section(Fields section) {
        NovaSection.read(section);
    }

    @Override
    public ConnectionSettings connection(Fields connection, Path folder) {
        Map<String, String> given = new HashMap<>();
        String authUrl = connection.optionalString("authUrl", LONGEST);
        FIELDS.forEach((field, word) -> put(given, word, connection.optionalString(field, LONGEST)));
        Map<String, Secret> secrets = new TreeMap<>();
        SECRETS.forEach((field, word) -> {
            Secret secret = connection.optionalSecret(field);
            if (secret != null) {
                secrets.put(word, secret);
            }
        });
        Map<String, String> over = new HashMap<>();
        put(over, "region_name", connection.optionalString("region", LONGEST));
        put(over, "interface", connection.optionalString("interface", LONGEST));
        put(over, "cacert", resolved(folder, connection.optionalString("ca", LONGEST)));
        Supplier<Map<String, String>> words = words(connection, folder, authUrl, given, secrets, over);
        Map<String, String> first = tried(connection, words);
        Optional<Account> account = first.isEmpty()
                ? Optional.empty()
                : Accounts.account(first, (word, problem) -> connection.problem(field(word, authUrl), problem));
        return new OpenstackSettings(
                words,
                account.map(Account::region).orElse("?"),
                Optional.ofNullable(first.get("cacert")).map(folder::resolve),
                endpoints(connection),
                Elastisys.read(connection).pools(),
                connection.optionalInt("callsAtOnce", 1, 64, OpenstackSettings.AT_ONCE),
                connection.optionalDuration(
                        "connectTimeout", Duration.ofMillis(100), Duration.ofSeconds(30), OpenstackSettings.CONNECT),
                connection.optionalDuration("lag", Duration.ZERO, Duration.ofMinutes(10), OpenstackSettings.LAG),
                connection.optionalDuration(
                        "lateness", Duration.ZERO, Duration.ofMinutes(10), OpenstackSettings.LATENESS));
    }

    private static void put(Map<String, String> words, String word, @Nullable String text) {
        if (text != null) {
            words.put(word, text);
        }
    }

    private static @Nullable String resolved(Path folder, @Nullable String path) {
        return path == null ? null : folder.resolve(path).toString();
    }

    /** Where the account comes from; read again each time. */
    private Supplier<Map<String, String>> words(
            Fields connection,
            Path folder,
            @Nullable String authUrl,
            Map<String, String> given,
            Map<String, Secret> secrets,
            Map<String, String> over) {
        String cloud = connection.optionalString("cloud", LONGEST);
        String file = connection.optionalString("cloudsFile", LONGEST);
        boolean own = authUrl != null || !given.isEmpty() || !secrets.isEmpty();
        if (own && (cloud != null || file != null)) {
            connection.problem(
                    cloud == null ? "cloudsFile" : "cloud", "and an account in this file exclude each other");
        }
        if (own) {
            put(given, "auth_url", authUrl);
            return () -> {
                Map<String, String> words = new HashMap<>(given);
                secrets.forEach((word, secret) -> words.put(word, secret.reveal()));
                words.putAll(over);
                return words;
            };
        }
        String named = cloud != null ? cloud : environment.get("OS_CLOUD");
        if (named == null) {
            return () -> {
                Map<String, String> words = new HashMap<>(Accounts.ofEnvironment(environment));
                words.putAll(over);
                return words;
            };
        }
        Optional<Path> clouds = file != null ? Optional.of(folder.resolve(file)) : CloudsFile.find(folder, environment);
        return () -> {
            Path there = clouds.orElseThrow(() -> new IllegalArgumentException(
                    "there is no clouds.yaml: not beside the configuration, in ~/.config/openstack nor in"
                            + " /etc/openstack; say where in cloudsFile"));
            Map<String, String> words = new HashMap<>(CloudsFile.cloud(there, named));
            words.putAll(over);
            return words;
        };
    }

    private static Map<String, String> tried(Fields connection, Supplier<Map<String, String>> words) {
        try {
            Map<String, String> first = words.get();
            if (!first.containsKey("auth_url") && first.size() <= 2) {
                connection.problem(
                        "cloud",
                        "is missing; name a cloud of clouds.yaml, or write authUrl and an account here, or set OS_*");
                return Map.of();
            }
            return first;
        } catch (IllegalArgumentException | IllegalStateException | java.io.UncheckedIOException problem) {
            connection.problem("cloud", String.valueOf(problem.getMessage()));
            return Map.of();
        }
    }

    /** A problem is told where it was written, if that is here. */
    private static String field(String word, @Nullable String authUrl) {
        if (word.equals("region_name")) {
            return "region";
        }
        if (word.equals("auth_url")) {
            return authUrl == null ? "cloud" : "authUrl";
        }
        for (Map<String, String> known : java.util.List.of(FIELDS, SECRETS)) {
            for (Map.Entry<String, String> one : known.entrySet()) {
                if (one.getValue().equals(word)) {
                    return one.getKey();
                }
            }
        }
        return word;
    }

    private static Map<String, String> endpoints(Fields connection) {
        return connection.optional(
                "endpoints",
                fields -> {
                    Map<String, String> endpoints = new HashMap<>();
                    Map.of("compute", "compute", "network", "network", "image", "image", "volume", "volumev3")
                            .forEach((field, word) -> put(endpoints, word, fields.optionalString(field, LONGEST)));
                    endpoints.forEach((word, url) -> {
                        if (!url.matches("https?://\\S+")) {
                            fields.problem(word, "must be an http or https address, not \"" + url + "\"");
                        }
                    });
                    return Map.copyOf(endpoints);
                },
                Map.<String, String>of());
    }
}
