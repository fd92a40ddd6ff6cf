package io.weir.autoscaler.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The simulated cloud's own API, as a person would use it: its dials, its ledger, and a finger on its machines. */
final class CloudDoor {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http;
    private final URI base;

    CloudDoor(HttpClient http, URI base) {
        this.http = http;
        this.base = base;
    }

    List<LedgerRow> ledger() throws InterruptedException {
        return LedgerRow.read(call("GET", "/ledger", ""));
    }

    void turn(String dials) throws InterruptedException {
        call("PATCH", "/dials", dials);
    }

    /** @return the ids of those that it hit: one, or none if none was running */
    List<String> killOne(String pool) throws InterruptedException {
        String answer = call("POST", "/machines/kill?count=1&state=RUNNING&pool=" + pool, "");
        List<String> killed = new ArrayList<>();
        try {
            new ObjectMapper().readTree(answer).path("killed").forEach(id -> killed.add(id.asText()));
        } catch (JsonProcessingException unreadable) {
            throw new DemoFailure("the cloud's answer cannot be read: " + answer);
        }
        return killed;
    }

    private String call(String method, String path, String body) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new DemoFailure("the cloud answers " + method + " " + path + " with " + answer.statusCode() + ": "
                        + answer.body());
            }
            return answer.body();
        } catch (IOException failed) {
            throw new DemoFailure("the cloud does not answer " + method + " " + path + ": " + failed);
        }
    }
}
