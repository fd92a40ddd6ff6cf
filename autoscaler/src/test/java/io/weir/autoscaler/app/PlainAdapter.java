package io.weir.autoscaler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A cloud adapter as it was published, version 2.0 or 5.0, and nothing more: no tags, no reasons, and a size request with any
 * other field than {@code desiredSize} is refused, as is one with an If-Match header.
 */
final class PlainAdapter implements AutoCloseable {
    enum Version {
        TWO,
        FIVE
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOW = "2026-03-02T12:00:00.000Z";

    private final Version version;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    final AtomicInteger size = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    final List<String> bodies = new CopyOnWriteArrayList<>();
    final List<String> faults = new CopyOnWriteArrayList<>();
    volatile int failsWith;

    PlainAdapter(Version version, TlsSettings tls, int size) throws IOException {
        this.version = version;
        this.size.set(size);
        this.running.set(size);
        SSLContext context = Tls.context(tls, Clock.systemUTC());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters asked = context.getDefaultSSLParameters();
                asked.setNeedClientAuth(true);
                parameters.setSSLParameters(asked);
            }
        });
        server.createContext("/scaling/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/scaling");
    }

    private void answer(HttpExchange exchange) throws IOException {
        // The same pool below a path of its own, as an adapter of several pools has it.
        String path = exchange.getRequestURI().getPath().replace("/pools/default/", "/");
        String call = exchange.getRequestMethod() + " " + path;
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (failsWith > 0) {
            send(exchange, failsWith, "{\"message\":\"the cloud is away\",\"detail\":\"try later\"}");
            return;
        }
        switch (call) {
            case "GET /scaling/pool/size" -> send(exchange, 200, sizes().toString());
            case "GET /scaling/pool" -> send(exchange, 200, machines().toString());
            case "POST /scaling/pool/size" -> setSize(exchange, body);
            default -> {
                faults.add(call);
                send(exchange, 404, "{\"message\":\"no such path\",\"detail\":\"\"}");
            }
        }
    }

    private void setSize(HttpExchange exchange, byte[] body) throws IOException {
        bodies.add(new String(body, StandardCharsets.UTF_8));
        JsonNode request = JSON.readTree(body);
        if (request.size() != 1 || !request.path("desiredSize").isInt()) {
            faults.add("unpublished fields: " + request);
            send(exchange, 400, "{\"message\":\"illegal input\",\"detail\":\"\"}");
        } else if (exchange.getRequestHeaders().containsKey("If-Match")) {
            faults.add("If-Match to an adapter without tags");
            send(exchange, 400, "{\"message\":\"illegal input\",\"detail\":\"\"}");
        } else {
            size.set(request.path("desiredSize").asInt());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        }
    }

    private ObjectNode sizes() {
        ObjectNode sizes = JSON.createObjectNode();
        if (version == Version.FIVE) {
            sizes.put("timestamp", NOW);
        }
        sizes.put("desiredSize", size.get()).put("allocated", size.get() + 1);
        return version == Version.TWO ? sizes.put("outOfService", 1) : sizes.put("active", size.get());
    }

    private ObjectNode machines() {
        ObjectNode pool = JSON.createObjectNode().put("timestamp", NOW);
        ArrayNode machines = pool.putArray("machines");
        for (int i = 0; i < size.get(); i++) {
            machines.add(machine(i, i < running.get() ? "RUNNING" : "PENDING", true));
        }
        machines.add(machine(-1, "RUNNING", false)); // awaiting service: runs, and is no part of the pool's work
        return pool;
    }

    private ObjectNode machine(int number, String state, boolean inService) {
        ObjectNode machine = JSON.createObjectNode()
                .put("id", "i-" + number)
                .put("machineState", state)
                .put("serviceState", version == Version.TWO && !inService ? "OUT_OF_SERVICE" : "UNKNOWN");
        if (version == Version.TWO) {
            machine.put("launchtime", NOW);
        } else {
            machine.put("launchTime", NOW).put("requestTime", NOW);
            machine.put("cloudProvider", "AWS-EC2").put("region", "us-east-1").put("machineSize", "m1.small");
            machine.putObject("membershipStatus").put("active", inService).put("evictable", inService);
        }
        machine.putArray("publicIps");
        machine.putArray("privateIps").add("10.0.0." + (number + 2));
        machine.putNull("metadata");
        return machine;
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
