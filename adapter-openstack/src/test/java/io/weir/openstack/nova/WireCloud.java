package io.weir.openstack.nova;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.weir.cloud.RequestMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A Keystone that lets everybody in, and behind it services that answer what a test says, byte by byte. */
final class WireCloud implements AutoCloseable {
    static final Duration LONGEST = Duration.ofMillis(800);
    static final String REGION = "here";

    final WireMockServer server =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1").containerThreads(20));
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    final InstantSource clock = now::get;

    private final String url;

    WireCloud() {
        server.start();
        url = "http://127.0.0.1:" + server.port();
        logsIn("token-1", Duration.ofHours(1));
    }

    String url() {
        return url;
    }

    /** From now on a login gives this token. */
    void logsIn(String token, Duration life) {
        server.stubFor(post("/v3/auth/tokens").willReturn(login(token, life, REGION)));
    }

    ResponseDefinitionBuilder login(String token, Duration life, String region) {
        Instant issued = now.get();
        String catalog = """
                {"token": {"issued_at": "%s", "expires_at": "%s", "methods": ["password"],
                  "project": {"id": "p1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
                  "user": {"id": "u1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
                  "catalog": [
                    {"type": "compute", "name": "nova", "endpoints": [{"interface": "public", "region": "%s", "region_id": "%s", "url": "%s/compute/v2.1"}]},
                    {"type": "network", "name": "neutron", "endpoints": [{"interface": "public", "region": "%s", "region_id": "%s", "url": "%s/network"}]},
                    {"type": "image", "name": "glance", "endpoints": [{"interface": "public", "region": "%s", "region_id": "%s", "url": "%s/image"}]},
                    {"type": "block-storage", "name": "cinder", "endpoints": [{"interface": "public", "region": "%s", "region_id": "%s", "url": "%s/volume/v3/p1"}]}
                  ]}}""".formatted(
                        stamp(issued),
                        stamp(issued.plus(life)),
                        region,
                        region,
                        url(),
                        region,
                        region,
                        url(),
                        region,
                        region,
                        url(),
                        region,
                        region,
                        url());
        return json(201, catalog).withHeader("X-Subject-Token", token);
    }

    private static String stamp(Instant instant) {
        return instant.toString().replace("Z", ".000000Z");
    }

    int logins() {
        return server.countRequestsMatching(
                        postRequestedFor(urlEqualTo("/v3/auth/tokens")).build())
                .getCount();
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    static ResponseDefinitionBuilder html(int status, String text) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/html")
                .withBody("<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>");
    }

    static ResponseDefinitionBuilder fault(Fault fault) {
        return aResponse().withFault(fault);
    }

    Account account() {
        return new Account(url(), REGION, "public", new Account.Password(name("demo"), "demo-secret", name("demo")));
    }

    static Account.Name name(String name) {
        return new Account.Name(Optional.empty(), Optional.of(name), Optional.empty(), Optional.of("Default"));
    }

    OpenstackCalls calls() {
        return calls(RequestMeter.NONE);
    }

    OpenstackCalls calls(RequestMeter requests) {
        Wire wire = new Wire(Optional.empty(), Duration.ofMillis(500), LONGEST);
        return new OpenstackCalls(
                new Login(this::account, wire, clock, requests, System::nanoTime),
                wire,
                Map.of(),
                requests,
                System::nanoTime,
                deadline(Duration.ofSeconds(10)));
    }

    static Deadline deadline(Duration time) {
        return Deadline.in(time, System::nanoTime);
    }

    NovaApi api() {
        return new OpenstackNovaApi(calls());
    }

    @Override
    public void close() {
        server.stop();
    }
}
