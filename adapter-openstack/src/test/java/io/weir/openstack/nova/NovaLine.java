package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * What stands between a driver and a real Nova, as a proxy or a bad line does: it loses, refuses and darkens, and else passes on. What it
 * passed on it remembers. It can stand before any other service as well.
 */
final class NovaLine implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PASSED_ON =
            List.of("X-Auth-Token", "OpenStack-API-Version", "Content-Type", "Accept");
    private static final List<String> PASSED_BACK = List.of("Retry-After", "X-Subject-Token");
    private static final Pattern ID = Pattern.compile("/[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}(?=/|$)");

    private final String nova;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server;
    private final Queue<Passed> passed = new ConcurrentLinkedQueue<>();

    /**
     * A call that was answered by the service, whether or not anybody was there to hear it.
     *
     * @param path without the query
     * @param answer of a change; of a read nothing is kept
     */
    record Passed(String method, String path, String sent, Instant begun, Instant answered, int status, String answer) {
        boolean is(String verb, String where) {
            return method.equals(verb) && path.equals(where);
        }

        /** Its kind: no ids and no query. */
        String operation() {
            return method + " " + ID.matcher(path).replaceAll("/{id}");
        }
    }

    /** Changes are done, and their answers never arrive. */
    volatile boolean losesAnswers;
    /** Changes never arrive. */
    volatile boolean losesRequests;
    /** Nothing gets through. */
    volatile boolean down;
    /** Nova is shown a token that it does not know. */
    volatile boolean spoilsTokens;
    /** Servers of this zone are shown as Nova shows those of a cell that it cannot reach. */
    volatile Optional<String> darkZone = Optional.empty();
    /** The most servers in a page, as if Nova were configured so; 0: as it is. */
    volatile int pageSize;
    /** What is answered as a proxy answers that does not know where to pass it on: 404, in HTML. By method and path. */
    volatile BiPredicate<String, String> notFound = (method, path) -> false;
    /** Done whenever Nova has answered a launch, while others may be under way. */
    volatile Runnable launched = () -> {};
    /** How many more listings are answered; below 0: all of them. */
    final AtomicInteger listings = new AtomicInteger(-1);

    /** @param nova the address of the real one */
    NovaLine(String nova) {
        this(nova, Optional.empty());
    }

    /** @param tls what it shows to callers, as what ends TLS before a cloud does; empty: it speaks plain HTTP */
    NovaLine(String nova, Optional<SSLContext> tls) {
        this.nova = nova;
        this.scheme = tls.isPresent() ? "https" : "http";
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls.isPresent()) {
                HttpsServer secured = HttpsServer.create(any, 100);
                secured.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
                server = secured;
            } else {
                server = HttpServer.create(any, 100);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Passed> passed() {
        return List.copyOf(passed);
    }

    void forget() {
        passed.clear();
    }

    void calm() {
        losesAnswers = false;
        losesRequests = false;
        down = false;
        spoilsTokens = false;
        darkZone = Optional.empty();
        pageSize = 0;
        notFound = (method, path) -> false;
        launched = () -> {};
        listings.set(-1);
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean change = !exchange.getRequestMethod().equals("GET");
            boolean listing = exchange.getRequestURI().getPath().endsWith("/servers/detail");
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean launch = exchange.getRequestMethod().equals("POST")
                    && exchange.getRequestURI().getPath().endsWith("/servers");
            if (notFound.test(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath())) {
                answer(
                        exchange,
                        404,
                        "text/html",
                        "<html><body><h1>404 Not Found</h1></body></html>".getBytes(StandardCharsets.UTF_8));
            } else if (down) {
                answer(
                        exchange,
                        503,
                        "text/html",
                        "<html><body>503 Service Unavailable</body></html>".getBytes(StandardCharsets.UTF_8));
            } else if (listing && listings.get() >= 0 && listings.getAndDecrement() <= 0) {
                listings.set(0);
                exchange.getResponseHeaders().set("Retry-After", "3");
                answer(
                        exchange,
                        429,
                        "text/html",
                        "<html><body>429 Too Many Requests</body></html>".getBytes(StandardCharsets.UTF_8));
            } else if (!(change && losesRequests)) {
                Instant begun = Instant.now();
                HttpResponse<byte[]> response =
                        client.send(request(exchange, body, listing), BodyHandlers.ofByteArray());
                if (launch) {
                    threads.execute(launched);
                }
                passed.add(new Passed(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        new String(body, StandardCharsets.UTF_8),
                        begun,
                        Instant.now(),
                        response.statusCode(),
                        change ? new String(response.body(), StandardCharsets.UTF_8) : ""));
                if (!(change && losesAnswers)) {
                    for (String header : PASSED_BACK) {
                        response.headers().firstValue(header).ifPresent(value -> exchange.getResponseHeaders()
                                .set(header, value));
                    }
                    answer(
                            exchange,
                            response.statusCode(),
                            response.headers().firstValue("Content-Type").orElse("application/json"),
                            listing ? darkened(response.body()) : response.body());
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body, boolean listing) {
        String path = exchange.getRequestURI().toString();
        String limit = listing && pageSize > 0 ? (path.contains("?") ? "&" : "?") + "limit=" + pageSize : "";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(nova + path + limit))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String header : PASSED_ON) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.setHeader(header, value);
            }
        }
        if (spoilsTokens) {
            request.setHeader("X-Auth-Token", "nonsense");
        }
        return request.build();
    }

    private byte[] darkened(byte[] body) throws IOException {
        Optional<String> dark = darkZone;
        if (dark.isEmpty()) {
            return body;
        }
        JsonNode listing = JSON.readTree(body);
        for (JsonNode row : listing.path("servers")) {
            if (row.path(NovaMachines.NOVA_ZONE).asText().equals(dark.get())) {
                ((ObjectNode) row).retain("id", "created", "tenant_id", "links").put("status", "UNKNOWN");
            }
        }
        return JSON.writeValueAsBytes(listing);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean none = status == 204 || body.length == 0;
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
