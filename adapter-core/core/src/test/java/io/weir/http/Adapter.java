package io.weir.http;

import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.reconcile.Connections;
import io.weir.reconcile.Pools;
import io.weir.service.caller.Refusals;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import io.weir.service.server.ServiceSettings;
import io.weir.service.server.WeirService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The whole door over real mutual TLS on a free port, and a client of each role. */
public final class Adapter implements AutoCloseable {
    /** Of the simulated cloud. */
    public static final Documents DOCUMENTS = new Documents("simulated", section -> {
        section.optionalString("market", 255);
        section.optionalString("region", 255);
    });

    public final DevelopmentCerts certs;
    public final WeirService service;
    private final Map<Role, HttpClient> clients = new EnumMap<>(Role.class);

    public <P extends Pools & Connections> Adapter(Path home, P pools) {
        Logs.configure(LogFormat.TEXT, LogLevel.ERROR);
        certs = DevelopmentCerts.ensure(home, Clock.systemUTC());
        service = WeirService.start(
                ServiceSettings.of("adapter", certs.server()),
                Door.resources(pools, pools, DOCUMENTS),
                new Metrics(),
                new Readiness(),
                Refusals.UNHEARD);
        for (Role role : Role.values()) {
            clients.put(role, client(certs.client(role)));
        }
    }

    static HttpClient client(TlsSettings tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Tls.context(tls, Clock.systemUTC()))
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    HttpResponse<String> get(Role role, String path) {
        return send(role, request(path).GET());
    }

    HttpResponse<String> post(Role role, String path) {
        return send(role, request(path).POST(BodyPublishers.noBody()));
    }

    HttpResponse<String> json(Role role, String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                request(path).method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        return send(role, headers.length == 0 ? request : request.headers(headers));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.url() + path)).timeout(Duration.ofSeconds(10));
    }

    HttpResponse<String> send(Role role, HttpRequest.Builder request) {
        return send(java.util.Objects.requireNonNull(clients.get(role)), request);
    }

    static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
        service.stop();
    }
}
