package io.weir.app.pool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.weir.api.ErrorDocument;
import io.weir.api.client.Answer;
import io.weir.api.client.Line;
import io.weir.api.client.Patience;
import io.weir.api.client.WireJson;
import io.weir.certs.CertsProblem;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Which adapter and pool a command talks to, and as whom. What is not told comes from the home of a local adapter: its address
 * from {@code run.json}, the certificate of a role from {@code certs/}.
 */
final class Adapter {
    static final int REFUSED = 1;
    static final int UNREACHABLE = 3;
    static final int UNKNOWN = 4;

    private static final ObjectMapper JSON = WireJson.mapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-p", "--pool"},
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The pool (default: ${DEFAULT-VALUE}).")
    private String pool = "default";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The adapter's address (default: the one in HOME/run.json).")
    private @Nullable URI url;

    @Option(
            names = "--as",
            paramLabel = "ROLE",
            converter = RoleWord.class,
            description =
                    "Whose certificate of HOME/certs to show: viewer, monitor, autoscaler, operator or admin (default: the least that may).")
    private @Nullable Role role;

    @Option(names = "--cert", paramLabel = "FILE", description = "The certificate to show, with its chain, as PEM.")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Its key, as PEM (default: beside the certificate, with .key).")
    private @Nullable Path key;

    @Option(names = "--ca", paramLabel = "FILE", description = "Whom to believe, as PEM (default: HOME/certs/ca.pem).")
    private @Nullable Path authority;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where a local adapter keeps its things (default: ${DEFAULT-VALUE}).",
            defaultValue = "${sys:weir.root:-.}/.weir")
    private Path home = Path.of(".weir");

    @Option(names = "--json", description = "Print the adapter's answer as it is.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
    private int seconds = 15;

    /** Reads something and shows it. */
    <T> int show(Role least, String path, Class<T> type, Function<T, List<String>> shown) {
        return call(least, "GET", path, Map.of(), null, node -> {
            if (json) {
                return List.of(JSON.writeValueAsString(node));
            }
            return shown.apply(JSON.treeToValue(node, type));
        });
    }

    /** Changes something and says that it is done. */
    int change(Role least, String method, String path, @Nullable Object body, String done) {
        return change(least, method, path, Map.of(), body, done);
    }

    int change(
            Role least, String method, String path, Map<String, String> headers, @Nullable Object body, String done) {
        return call(least, method, path, headers, body, node -> List.of(done));
    }

    String pool() {
        return "/pools/" + segment(pool);
    }

    /** One segment of a path, whatever a person typed. */
    static String segment(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    private interface Lines {
        List<String> of(JsonNode answer) throws JsonProcessingException;
    }

    private int call(
            Role least, String method, String path, Map<String, String> headers, @Nullable Object body, Lines lines) {
        try (Line line = line(least)) {
            Answer<List<String>> answer = line.call(method, path, headers, body, (mapper, bytes) -> {
                JsonNode node = bytes.length == 0 ? mapper.createObjectNode() : mapper.readTree(bytes);
                return lines.of(node);
            });
            return print(answer);
        } catch (CertsProblem problem) {
            return failed(problem.getMessage(), UNREACHABLE);
        }
    }

    private int print(Answer<List<String>> answer) {
        return switch (answer) {
            case Answer.Ok<List<String>> ok -> {
                ok.value().forEach(spec.commandLine().getOut()::println);
                yield 0;
            }
            case Answer.Stale<List<String>> stale -> refused(answer.sentence(), stale.error());
            case Answer.Held<List<String>> held -> refused(answer.sentence(), held.error());
            case Answer.Refused<List<String>> refused -> refused(answer.sentence(), refused.error());
            case Answer.Unreachable<List<String>> unreachable -> failed(answer.sentence(), UNREACHABLE);
            case Answer.Unknown<List<String>> unknown -> failed(answer.sentence(), UNKNOWN);
        };
    }

    private int refused(String sentence, ErrorDocument error) {
        if (!error.detail().isEmpty() && !error.detail().equals(error.message())) {
            spec.commandLine().getErr().println(sentence);
            error.detail().lines().forEach(line -> spec.commandLine().getErr().println("  " + line));
            return REFUSED;
        }
        return failed(sentence, REFUSED);
    }

    private int failed(@Nullable String sentence, int code) {
        spec.commandLine().getErr().println(sentence);
        return code;
    }

    private Line line(Role least) {
        Path certificates = home.resolve("certs");
        String word = (role == null ? least : role).word();
        Path shown = certificate == null ? certificates.resolve(word + ".pem") : certificate;
        Path secret = key == null ? beside(shown) : key;
        Path believed = authority == null ? certificates.resolve("ca.pem") : authority;
        Duration wait = Duration.ofSeconds(Math.clamp(seconds, 1, 3600));
        var patience = new Patience(Patience.DEFAULT.connect(), wait, Patience.DEFAULT.maxAnswerBytes());
        // The real clock: certificates do not know a scaled time.
        var tls = Tls.context(new TlsSettings(shown, secret, believed), InstantSource.system());
        try {
            return new Line(url == null ? running() : url, tls, patience);
        } catch (IllegalArgumentException noUrl) {
            throw new ParameterException(spec.commandLine(), "--url: " + noUrl.getMessage(), noUrl);
        }
    }

    private static Path beside(Path certificate) {
        String name = certificate.getFileName().toString();
        String stem = name.endsWith(".pem") ? name.substring(0, name.length() - 4) : name;
        return certificate.resolveSibling(stem + ".key");
    }

    private URI running() {
        Path file = home.resolve("run.json");
        try {
            String text = JSON.readTree(Files.readAllBytes(file))
                    .path("adapter")
                    .path("url")
                    .asText("");
            if (!text.isEmpty()) {
                return URI.create(text);
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            throw nobody(file);
        }
        throw nobody(file);
    }

    private CertsProblem nobody(Path file) {
        return new CertsProblem("there is no running adapter in " + file
                + ": start one with \"weir adapter simulated\", or name one with --url");
    }

    static final class RoleWord implements ITypeConverter<Role> {
        @Override
        public Role convert(String word) {
            return Role.of(word)
                    .orElseThrow(() -> new TypeConversionException(
                            "\"" + word + "\" is no role: say viewer, monitor, autoscaler, operator or admin"));
        }
    }
}
