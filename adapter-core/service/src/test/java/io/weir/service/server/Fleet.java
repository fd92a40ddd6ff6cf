package io.weir.service.server;

import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.service.caller.Refusal;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAccumulator;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A running sample service over real mutual TLS, and clients of each role. */
final class Fleet implements AutoCloseable {
    final DevelopmentCerts certs;
    final TlsSettings tls;
    final SamplePool pool = new SamplePool();
    final Metrics metrics = new Metrics().withJvm();
    final Readiness readiness = new Readiness();
    final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    final WeirService service;
    private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);
    private final Map<Role, HttpClient> clients = new ConcurrentHashMap<>();

    Fleet(Path home) {
        this(home, null);
    }

    /** A fleet that trusts one certificate made elsewhere beside its own authority. */
    Fleet(Path home, @Nullable Stranger stranger) {
        Logs.configure(LogFormat.TEXT, LogLevel.WARN);
        certs = DevelopmentCerts.ensure(home, Clock.systemUTC());
        TlsSettings own = certs.server();
        Path trust = stranger == null ? own.trust() : stranger.trustedBeside(own.trust(), home);
        tls = new TlsSettings(own.certificate(), own.key(), trust);
        service = WeirService.start(
                ServiceSettings.of("sample", tls).withWarmUp("/pool/size"),
                List.of(pool),
                metrics,
                readiness,
                refusals::add);
    }

    /** One client for each role, so that its connection is kept. */
    HttpClient client(Role role) {
        return clients.computeIfAbsent(role, wanted -> client(certs.client(wanted)));
    }

    static HttpClient client(TlsSettings tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Tls.context(tls, Clock.systemUTC()))
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    HttpResponse<String> send(Role role, String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10));
        if (headers.length > 0) {
            request.headers(headers);
        }
        long begun = System.nanoTime();
        try {
            return client(role).send(request.method(method, body).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            slowest.accumulate(System.nanoTime() - begun);
        }
    }

    /** The longest that an answer took since this was last asked. */
    Duration slowest() {
        return Duration.ofNanos(slowest.getThenReset());
    }

    HttpResponse<String> get(Role role, String path) {
        return send(role, "GET", path, BodyPublishers.noBody());
    }

    HttpResponse<String> postJson(Role role, String path, String json) {
        return send(role, "POST", path, BodyPublishers.ofString(json), "Content-Type", "application/json");
    }

    /** A bare connection that speaks whatever is written to it. */
    SSLSocket socket(Role role) throws IOException {
        var socket = (SSLSocket) Tls.context(certs.client(role), Clock.systemUTC())
                .getSocketFactory()
                .createSocket("127.0.0.1", service.port());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    URI uri(String path) {
        return URI.create(service.url() + path);
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
        service.stop();
    }
}
