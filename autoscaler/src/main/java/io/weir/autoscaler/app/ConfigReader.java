package io.weir.autoscaler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.api.client.Patience;
import io.weir.autoscaler.app.AutoscalerConfig.Serving;
import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.service.json.Fields;
import io.weir.service.server.Listener;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what an autoscaler is told. What is wrong is told by the fields, all at once. */
final class ConfigReader {
    static final Duration LONGEST = Duration.ofDays(1);

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MOST_TARGETS = 200;
    private static final int LONGEST_PATH = 4096;
    private static final int HIGHEST_PORT = 65_535;
    private static final int USUAL_PORT = 8445;

    private final Surroundings around;

    ConfigReader(Surroundings around) {
        this.around = around;
    }

    AutoscalerConfig read(Fields fields) {
        Serving serving =
                around.hasHome() && !fields.has("server") ? serving(null) : fields.required("server", this::serving);
        Path store = path(fields, "store", around.store());
        List<TargetConfig> targets = fields.list("targets", MOST_TARGETS, new TargetReader(this, around)::read);
        if (!fields.has("targets")) {
            fields.problem("targets", "is missing");
        }
        Set<String> names = new HashSet<>();
        for (TargetConfig target : targets) {
            if (!names.add(target.name())) {
                fields.problem("targets", "has two of the name " + target.name());
            }
        }
        return new AutoscalerConfig(serving, store, targets, documents(fields.raw("targets")));
    }

    private static List<JsonNode> documents(@Nullable JsonNode targets) {
        List<JsonNode> documents = new ArrayList<>();
        if (targets != null) {
            for (JsonNode target : targets) {
                JsonNode document = target.deepCopy();
                star(document);
                documents.add(document);
            }
        }
        return documents;
    }

    private static void star(JsonNode node) {
        if (node instanceof ObjectNode object && object.has("authorization")) {
            object.put("authorization", "***");
        }
        node.forEach(ConfigReader::star);
    }

    private Serving serving(@Nullable Fields fields) {
        if (fields == null) {
            TlsSettings tls = around.server();
            if (tls == null) {
                throw new IllegalStateException("without a home a server has to be declared");
            }
            return new Serving(
                    new Listener(Listener.LOOPBACK, 0, "--port"),
                    new Listener(Listener.LOOPBACK, 0, "--management-port"),
                    tls,
                    Map.of());
        }
        int usual = around.hasHome() ? 0 : USUAL_PORT;
        String host = fields.optionalString("host", 255, Listener.LOOPBACK);
        int port = fields.optionalInt("port", 0, HIGHEST_PORT, usual);
        String managementHost = fields.optionalString("managementHost", 255, Listener.LOOPBACK);
        int managementPort = fields.optionalInt("managementPort", 0, HIGHEST_PORT, usual == 0 ? 0 : usual + 1);
        TlsSettings tls = tls(fields, around.server());
        return new Serving(
                new Listener(host, port, "server.port"),
                new Listener(managementHost, managementPort, "server.managementPort"),
                tls,
                subjects(fields));
    }

    private static Map<String, Role> subjects(Fields fields) {
        Map<String, Role> subjects = new LinkedHashMap<>();
        fields.stringMap("subjects", 1000, 20).forEach((subject, word) -> Role.of(word)
                .ifPresentOrElse(
                        role -> subjects.put(subject, role),
                        () -> fields.problem(
                                "subjects." + subject,
                                "must be viewer, monitor, autoscaler, operator or admin, not \"" + word + "\"")));
        return subjects;
    }

    TlsSettings tls(Fields fields, @Nullable TlsSettings usual) {
        return new TlsSettings(
                path(fields, "certificate", usual == null ? null : usual.certificate()),
                path(fields, "key", usual == null ? null : usual.key()),
                path(fields, "ca", usual == null ? null : usual.trust()));
    }

    Path path(Fields fields, String name, @Nullable Path usual) {
        if (usual == null) {
            return around.folder().resolve(fields.requiredString(name, LONGEST_PATH));
        }
        @Nullable String given = fields.optionalString(name, LONGEST_PATH);
        return given == null ? usual : around.folder().resolve(given);
    }

    @Nullable
    Path optionalPath(Fields fields, String name) {
        @Nullable String given = fields.optionalString(name, LONGEST_PATH);
        return given == null ? null : around.folder().resolve(given);
    }

    AdapterConfig adapter(@Nullable Fields fields) {
        TlsSettings home = around.client();
        if (fields == null) {
            if (home == null) {
                throw new IllegalStateException("without a home an adapter has to be declared");
            }
            return new AdapterConfig(null, "/pools/default", home, Patience.DEFAULT);
        }
        @Nullable URI url = null;
        if (fields.has("url") || home == null) {
            url = uri(fields, "url", fields.requiredString("url", LONGEST_PATH), "https");
        }
        @Nullable String pool = fields.optionalString("pool", 63);
        if (pool != null && !NAME.matcher(pool).matches()) {
            fields.problem("pool", "must be small letters, digits and dashes, not \"" + pool + "\"");
        }
        String usual = url == null ? "/pools/default" : "";
        Duration connect = fields.optionalDuration(
                "connectTimeout", Duration.ofMillis(100), Duration.ofMinutes(1), Patience.DEFAULT.connect());
        Duration answer = fields.optionalDuration(
                "timeout", Duration.ofMillis(100), Duration.ofMinutes(2), Patience.DEFAULT.answer());
        TlsSettings tls = tls(fields, home);
        return new AdapterConfig(
                url,
                pool == null ? usual : "/pools/" + pool,
                tls,
                new Patience(connect, answer, Patience.DEFAULT.maxAnswerBytes()));
    }

    String name(Fields fields) {
        String name = fields.requiredString("name", 63);
        if (fields.has("name") && !NAME.matcher(name).matches()) {
            fields.problem("name", "must be small letters, digits and dashes, not \"" + name + "\"");
        }
        return name;
    }

    static URI uri(Fields fields, String name, String text, String... schemes) {
        try {
            var uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (List.of(schemes).contains(scheme) && uri.getHost() != null) {
                if (uri.getUserInfo() != null) {
                    fields.problem(name, "must not hold a password; use authorization");
                }
                return uri;
            }
        } catch (URISyntaxException noUri) {
            // told below
        }
        if (!text.equals("?")) {
            fields.problem(
                    name,
                    "must be a URL beginning with " + String.join(":// or ", schemes) + "://, not \"" + text + "\"");
        }
        return URI.create(schemes[0] + "://invalid");
    }
}
