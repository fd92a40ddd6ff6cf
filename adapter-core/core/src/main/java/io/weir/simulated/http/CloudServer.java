package io.weir.simulated.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.pool.MachineState;
import io.weir.service.error.ApiException;
import io.weir.service.json.StrictJson;
import io.weir.simulated.ApiFailure;
import io.weir.simulated.ApiFailure.Code;
import io.weir.simulated.CloudJson;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.LedgerJudge;
import io.weir.simulated.SimulatedApi;
import io.weir.simulated.SimulatedCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of a simulated cloud.
 *
 * <ol>
 *   <li>It listens on 127.0.0.1 and answers only who calls it by a loopback name and not from a web page.
 *   <li>A call that the cloud leaves unanswered is left unanswered here: the connection is closed without a word.
 *   <li>Refusals are {@code {"kind","text","retryAfterSeconds"?}}; what cannot be understood is INVALID_TEMPLATE and changes nothing.
 * </ol>
 */
public final class CloudServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CloudServer.class);
    private static final int BODY_MAX = 8 * 1024 * 1024;

    static {
        // Small answers at once (no Nagle); a client lets go of an idle connection before the server does, or it would
        // take a closing one for a lost call. Both are read once, when the JDK's server is first used.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final HttpServer server;
    private final SimulatedCloud cloud;
    private final DialsDesk desk;
    private final Clock clock;
    private final Runnable onFailure;

    /** @param onFailure what to do when the ledger can no longer be trusted */
    private CloudServer(HttpServer server, SimulatedCloud cloud, DialsDesk desk, Clock clock, Runnable onFailure) {
        this.server = server;
        this.cloud = cloud;
        this.desk = desk;
        this.clock = clock;
        this.onFailure = onFailure;
    }

    public static CloudServer start(
            SimulatedCloud cloud, DialsDesk desk, Clock clock, int port, Executor executor, Runnable onFailure)
            throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1024);
        CloudServer server = new CloudServer(http, cloud, desk, clock, onFailure);
        http.setExecutor(executor);
        http.createContext("/", server::serve);
        http.start();
        return server;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            Answer answer = answer(exchange);
            if (answer != null) {
                byte[] body = answer.body().getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", answer.type());
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (IOException gone) {
            LOG.debug("a caller went away", gone);
        } catch (UncheckedIOException e) {
            LOG.error("the ledger cannot be trusted any more", e);
            onFailure.run();
        } catch (RuntimeException e) {
            LOG.error(
                    "{} {} failed",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    e);
        }
    }

    private record Answer(int status, String type, String body) {
        static Answer json(Object value) {
            try {
                return new Answer(200, "application/json", CloudJson.STRICT.writeValueAsString(value) + "\n");
            } catch (JsonProcessingException cannotBe) {
                throw new IllegalStateException(cannotBe);
            }
        }

        static Answer text(String text) {
            return new Answer(200, "text/plain; charset=utf-8", text);
        }
    }

    /** Null: none. */
    private @Nullable Answer answer(HttpExchange exchange) throws IOException {
        try {
            checkCaller(exchange);
            return route(new Request(exchange));
        } catch (ApiFailure failure) {
            return failure.code() == Code.UNKNOWN ? null : refusal(status(failure.code()), failure);
        } catch (ApiException | DialsDesk.BadDials invalid) {
            return refusal(400, new ApiFailure(Code.INVALID_TEMPLATE, String.valueOf(invalid.getMessage())));
        }
    }

    /** A page in a browser can reach this port too: it names another host, or says where it comes from. */
    private static void checkCaller(HttpExchange exchange) throws ApiFailure {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        boolean loopback = Set.of("127.0.0.1", "localhost").contains(host.replaceAll(":\\d+$", ""));
        if (!loopback || exchange.getRequestHeaders().containsKey("Origin")) {
            throw new ApiFailure(Code.UNAUTHORIZED, "only programs of this machine are answered");
        }
    }

    private @Nullable Answer route(Request request) throws ApiFailure, DialsDesk.BadDials, IOException {
        List<String> path = request.path();
        String first = path.isEmpty() ? "" : path.get(0);
        return switch (request.method() + " " + first + (path.size() > 1 ? "/" + path.size() : "")) {
            case "GET " -> Answer.text(Help.text(clock.instant()));
            case "GET health" -> Answer.json(Map.of("status", "up", "now", clock.instant()));
            case "GET machines" -> machines(request);
            case "GET machines/2" ->
                Answer.json(cloud.machine(path.get(1))
                        .orElseThrow(() -> new ApiFailure(Code.NOT_FOUND, "there is no machine " + path.get(1))));
            case "GET catalog" -> Answer.json(cloud.catalog());
            case "POST launches" -> results(cloud.launch(request.body(SimulatedApi.Launch.class)));
            case "POST terminations" ->
                results(cloud.terminate(request.body(Terminations.class).ids()));
            case "POST tags" -> results(cloud.tag(request.body(Tags.class).machines()));
            case "POST machines/2" -> killSome(request);
            case "POST machines/3" -> killOne(request);
            case "GET ledger" -> ledger();
            case "POST judgement" ->
                Answer.json(LedgerJudge.judge(
                        cloud.ledger(), request.body(LedgerJudge.Question.class).until(clock.instant())));
            case "GET faults" -> Answer.json(cloud.faults().byFault());
            case "GET dials" -> Answer.json(desk.document());
            case "PATCH dials" -> {
                JsonNode patch = request.json();
                JsonNode document = desk.patch(patch);
                LOG.info("dials turned: {}", patch);
                yield Answer.json(document);
            }
            default ->
                throw new ApiFailure(
                        Code.NOT_FOUND, "there is no " + request.method() + " here; GET / says what there is");
        };
    }

    private Answer machines(Request request) throws ApiFailure {
        Map<String, List<String>> query = request.query(Set.of("pool", "page"));
        List<String> page = query.getOrDefault("page", List.of());
        return Answer.json(
                cloud.machines(Set.copyOf(query.getOrDefault("pool", List.of())), page.isEmpty() ? null : page.get(0)));
    }

    private Answer killSome(Request request) throws ApiFailure {
        if (!request.path().get(1).equals("kill")) {
            throw new ApiFailure(Code.NOT_FOUND, "POST /machines/kill?count=n or /machines/{id}/kill");
        }
        Map<String, List<String>> query = request.query(Set.of("count", "pool", "state"));
        try {
            List<String> killed = cloud.kill(
                    Integer.parseInt(query.getOrDefault("count", List.of("1")).get(0)),
                    query.containsKey("pool") ? query.get("pool").get(0) : null,
                    query.containsKey("state")
                            ? MachineState.valueOf(query.get("state").get(0))
                            : null);
            LOG.info("killed: {}", killed);
            return Answer.json(Map.of("killed", killed));
        } catch (IllegalArgumentException wrong) {
            throw new ApiFailure(Code.INVALID_TEMPLATE, "count is a number, state is RUNNING or PENDING");
        }
    }

    private Answer killOne(Request request) throws ApiFailure {
        String id = request.path().get(1);
        if (!request.path().get(2).equals("kill") || !cloud.kill(id)) {
            throw new ApiFailure(Code.NOT_FOUND, "no living machine " + id);
        }
        LOG.info("killed: {}", id);
        return Answer.json(Map.of("killed", List.of(id)));
    }

    private Answer ledger() {
        String lines =
                cloud.ledger().stream().map(line -> Answer.json(line).body()).collect(Collectors.joining());
        return new Answer(200, "application/jsonl", lines);
    }

    private record Terminations(List<String> ids) {
        Terminations {
            if (ids == null || ids.stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("ids: a list of ids is due");
            }
        }
    }

    private record Tags(Map<String, Map<String, @Nullable String>> machines) {
        Tags {
            if (machines == null || machines.values().stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("machines: tags for each id are due");
            }
        }
    }

    private static Answer results(List<?> results) {
        return Answer.json(Map.of("results", results));
    }

    private static int status(Code code) {
        return switch (code) {
            case NOT_FOUND -> 404;
            case UNAUTHORIZED -> 403;
            case CONFLICT -> 409;
            case THROTTLED -> 429;
            case UNAVAILABLE, NO_CAPACITY, UNKNOWN -> 503;
            case QUOTA_EXCEEDED, INVALID_TEMPLATE -> 400;
        };
    }

    private static Answer refusal(int status, ApiFailure failure) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", failure.code());
        document.put("text", failure.getMessage());
        failure.retryAfter().ifPresent(wait -> document.put("retryAfterSeconds", wait.toMillis() / 1000.0));
        return new Answer(status, "application/json", Answer.json(document).body());
    }

    /** One call, taken apart. */
    private record Request(HttpExchange exchange) {
        String method() {
            return exchange.getRequestMethod();
        }

        List<String> path() {
            String path = exchange.getRequestURI().getPath();
            return List.of(path.split("/")).stream()
                    .filter(part -> !part.isEmpty())
                    .toList();
        }

        Map<String, List<String>> query(Set<String> known) throws ApiFailure {
            Map<String, List<String>> values = new LinkedHashMap<>();
            String query = exchange.getRequestURI().getRawQuery();
            for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (!known.contains(parts[0]) || parts.length < 2) {
                    throw new ApiFailure(Code.INVALID_TEMPLATE, "the query knows " + String.join(", ", known));
                }
                values.computeIfAbsent(parts[0], first -> new ArrayList<>()).add(URLDecoder.decode(parts[1], UTF_8));
            }
            return values;
        }

        JsonNode json() throws IOException, ApiFailure {
            byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
            if (body.length > BODY_MAX) {
                throw new ApiFailure(Code.INVALID_TEMPLATE, "a body of more than " + BODY_MAX + " bytes");
            }
            return StrictJson.json(body);
        }

        <T> T body(Class<T> type) throws IOException, ApiFailure {
            JsonNode document = json();
            if (!document.isObject()) {
                throw new ApiFailure(Code.INVALID_TEMPLATE, "the body is not an object");
            }
            try {
                return CloudJson.STRICT.treeToValue(document, type);
            } catch (JsonMappingException wrong) {
                String field = wrong.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."));
                throw new ApiFailure(
                        Code.INVALID_TEMPLATE,
                        wrong.getCause() instanceof IllegalArgumentException sense
                                ? String.valueOf(sense.getMessage())
                                : (field.isEmpty() ? "the body" : field) + ": unknown, or not of the right kind");
            }
        }
    }
}
