package io.weir.autoscaler.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A small HTTP server on loopback that plays a trace: {@code GET /metrics}, or any other path, is the page;
 * {@code POST /play} begins a trace that was held, and answers when it began.
 */
public final class TrafficEndpoint implements AutoCloseable {
    private final Trace trace;
    private final boolean loop;
    private final InstantSource clock;
    private final HttpServer server;
    private final AtomicReference<Instant> begun;

    private TrafficEndpoint(Trace trace, boolean loop, boolean held, InstantSource clock, HttpServer server) {
        this.trace = trace;
        this.loop = loop;
        this.clock = clock;
        this.server = server;
        this.begun = new AtomicReference<>(held ? Instant.MAX : clock.instant());
    }

    /**
     * @param held it stands at its first value until {@code POST /play}
     * @param port 0 for any free one
     */
    public static TrafficEndpoint start(
            Trace trace, boolean loop, boolean held, int port, InstantSource clock, Executor threads)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        var endpoint = new TrafficEndpoint(trace, loop, held, clock, server);
        server.setExecutor(threads);
        server.createContext("/", endpoint::answer);
        server.start();
        return endpoint;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
    }

    /** The present state; while it is held it begins far in the future. */
    public Playing playing() {
        Instant since = begun.get();
        return new Playing(trace, since.equals(Instant.MAX) ? clock.instant().plus(trace.length()) : since, loop);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod()) {
                case "GET" -> send(exchange, 200, TrafficPage.of(playing(), clock.instant()));
                case "POST" -> {
                    if (path.equals("/play")) {
                        begun.compareAndSet(Instant.MAX, clock.instant());
                        send(exchange, 200, begun.get() + "\n");
                    } else {
                        send(exchange, 404, "only /play takes a POST\n");
                    }
                }
                default -> send(exchange, 405, "GET /metrics, or POST /play\n");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TrafficPage.CONTENT_TYPE);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
