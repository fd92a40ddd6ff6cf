package io.weir.autoscaler.source;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server with one page, which a test writes. */
final class PageServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile byte[] page = {};
    private volatile int status = 200;
    private volatile String type = "text/plain; version=0.0.4";
    private volatile boolean silent;
    private volatile boolean cut;
    private final List<URI> asked = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    PageServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI());
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(authorization == null ? "" : authorization);
            if (silent) {
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, page.length == 0 ? -1 : page.length + (cut ? 100 : 0));
            if (page.length > 0) {
                exchange.getResponseBody().write(page);
                exchange.getResponseBody().flush();
            }
            exchange.close();
        });
        server.start();
    }

    PageServer shows(String text) {
        page = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    PageServer ofType(String contentType) {
        type = contentType;
        return this;
    }

    PageServer withStatus(int code) {
        status = code;
        return this;
    }

    PageServer silent() {
        silent = true;
        return this;
    }

    PageServer cutOff() {
        cut = true;
        return this;
    }

    List<URI> asked() {
        return asked;
    }

    List<String> authorizations() {
        return authorizations;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
