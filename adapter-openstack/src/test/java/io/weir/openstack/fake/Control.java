package io.weir.openstack.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The door behind the fake: for who exercises it, and counted nowhere.
 *
 * <ul>
 *   <li>{@code GET /calls}, {@code DELETE /calls}: how many of each kind; {@code GET /refusals}
 *   <li>{@code GET /ledger}: every server that ever was; {@code GET /walks}: whole listings;
 *       {@code GET /leftovers?person=demo&member=<id>&member=...}
 *   <li>{@code PUT /hold?call=7&after=true}, {@code GET /hold}, {@code DELETE /hold?drop=true}
 *   <li>{@code GET /dials}, {@code PATCH /dials}; {@code POST /faults}, {@code DELETE /faults}
 * </ul>
 */
final class Control implements AutoCloseable {
    private static final int BODY_MAX = 1024 * 1024;

    private final FakeOpenStack fake;
    private final HttpServer door;

    Control(FakeOpenStack fake, Executor threads) throws IOException {
        this.fake = fake;
        door = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 64);
        door.setExecutor(threads);
        door.createContext("/", this::serve);
        door.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + door.getAddress().getPort());
    }

    @Override
    public void close() {
        door.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String answer;
            int status = 200;
            try {
                answer = Books.JSON.writeValueAsString(answer(
                        exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath(),
                        query(exchange),
                        exchange.getRequestBody().readNBytes(BODY_MAX)));
            } catch (IllegalArgumentException | JsonProcessingException wrong) {
                status = 400;
                answer = Books.JSON.writeValueAsString(String.valueOf(wrong.getMessage()));
            }
            byte[] body = answer.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", Answer.JSON);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Object answer(String asked, Map<String, List<String>> query, byte[] body) throws IOException {
        return switch (asked) {
            case "GET /calls" -> Map.of("count", fake.count(), "calls", fake.calls());
            case "DELETE /calls" -> done(fake::forgetCalls);
            case "GET /refusals" -> fake.refusals();
            case "GET /ledger" -> fake.ledger();
            case "GET /walks" -> fake.walks();
            case "GET /leftovers" ->
                fake.leftovers(
                        query.getOrDefault("person", List.of("demo")).get(0),
                        Set.copyOf(query.getOrDefault("member", List.of())));
            case "PUT /hold" ->
                done(() -> fake.hold(
                        Integer.parseInt(
                                query.getOrDefault("call", List.of("?")).get(0)),
                        Boolean.parseBoolean(
                                query.getOrDefault("after", List.of("false")).get(0))));
            case "GET /hold" -> Map.of("held", fake.isHeld());
            case "DELETE /hold" ->
                done(() -> fake.letGo(Boolean.parseBoolean(
                        query.getOrDefault("drop", List.of("false")).get(0))));
            case "GET /dials" -> fake.dials();
            case "PATCH /dials" -> {
                var patch = Books.JSON.readTree(body);
                fake.turn(dials -> merge(dials, patch));
                yield fake.dials();
            }
            case "POST /faults" -> {
                WireFault fault = Books.JSON.readValue(body, WireFault.class);
                yield done(() -> fake.fault(fault));
            }
            case "DELETE /faults" -> done(fake::calmWire);
            default -> throw new IllegalArgumentException("there is no " + asked);
        };
    }

    private static void merge(FakeDials dials, com.fasterxml.jackson.databind.JsonNode patch) {
        try {
            Books.JSON
                    .readerForUpdating(dials)
                    .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(patch);
        } catch (IOException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    private static Map<String, String> done(Runnable what) {
        what.run();
        return Map.of("done", "yes");
    }

    private static Map<String, List<String>> query(HttpExchange exchange) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String text = exchange.getRequestURI().getRawQuery();
        for (String pair : text == null ? new String[0] : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(parts[0], first -> new java.util.ArrayList<>())
                    .add(parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return query;
    }
}
