package io.weir.autoscaler.app;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A metrics page with one gauge, {@code load}. */
final class LoadPage implements AutoCloseable {
    private final HttpServer server;
    private volatile String text = "";

    LoadPage(double load) throws IOException {
        show(load);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    void show(double load) {
        text = "# TYPE load gauge\nload " + load + "\n";
    }

    void showNothing() {
        text = "other 1\n";
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
