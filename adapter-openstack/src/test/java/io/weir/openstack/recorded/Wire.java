package io.weir.openstack.recorded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A plain HTTP client of one project, that writes down what it is told to. No SDK: what goes out is what the scenario says. */
public final class Wire {
    public static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> HEADERS = Set.of(
            "content-type",
            "location",
            "openstack-api-version",
            "x-openstack-nova-api-version",
            "retry-after",
            "vary",
            "www-authenticate",
            "x-subject-token");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final Access access;
    private final Runnable pause;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final Map<Access.Person, Session> sessions = new LinkedHashMap<>();
    private Access.Person person;

    /** A login. */
    record Session(String token, JsonNode body, Map<String, String> endpoints) {
        String project() {
            return body.path("project").path("id").asText();
        }

        String user() {
            return body.path("user").path("id").asText();
        }
    }

    /** An answer as it came. */
    public record Answer(int status, HttpResponse<String> raw, JsonNode body) {
        public JsonNode at(String field) {
            return body.path(field);
        }

        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    /** @param pause lets a little time pass between two looks */
    public Wire(HttpClient http, Access access, Runnable pause) {
        this.http = http;
        this.access = access;
        this.person = access.user();
        this.pause = pause;
    }

    List<Exchange> exchanges() {
        return exchanges;
    }

    Access access() {
        return access;
    }

    Session session() {
        return sessionOf(person);
    }

    Session sessionOf(Access.Person who) {
        Session known = sessions.get(who);
        if (known == null) {
            known = login(who);
            sessions.put(who, known);
        }
        return known;
    }

    void asAdministrator(Runnable what) {
        Access.Person before = person;
        person = access.administrator();
        try {
            what.run();
        } finally {
            person = before;
        }
    }

    /** While something fails. */
    void during(String fault, double seconds, String part, Runnable what) {
        access.faults().begin(fault, seconds, part);
        try {
            what.run();
        } finally {
            access.faults().end(fault);
        }
    }

    private Session login(Access.Person who) {
        Map<String, ?> body = passwordLogin(who.name(), who.password(), who.project());
        Answer answer = send("POST", access.authUrl() + "/auth/tokens", body, Map.of());
        if (answer.status() != 201) {
            throw new IllegalStateException("no login as " + who.name() + ": " + answer.status() + " "
                    + answer.raw().body());
        }
        Map<String, String> endpoints = new TreeMap<>();
        for (JsonNode service : answer.at("token").path("catalog")) {
            for (JsonNode endpoint : service.path("endpoints")) {
                if (endpoint.path("interface").asText().equals("public")) {
                    endpoints.put(
                            service.path("type").asText(), endpoint.path("url").asText());
                }
            }
        }
        return new Session(answer.header("X-Subject-Token"), answer.at("token"), endpoints);
    }

    static Map<String, ?> passwordLogin(String name, String password, String project) {
        Map<String, String> domain = Map.of("name", "Default");
        return Map.of(
                "auth",
                Map.of(
                        "identity",
                        Map.of(
                                "methods",
                                List.of("password"),
                                "password",
                                Map.of("user", Map.of("name", name, "domain", domain, "password", password))),
                        "scope",
                        Map.of("project", Map.of("name", project, "domain", domain))));
    }

    /** A call that is not written down. */
    public Answer call(String service, String method, String path, @Nullable Object body, @Nullable String version) {
        return send(method, endpoint(service) + path, body, headers(service, version));
    }

    /** Its own token, which it goes on showing. */
    public Answer revokeOwnToken() {
        String token = session().token();
        return send(
                "DELETE",
                access.authUrl() + "/auth/tokens",
                null,
                Map.of("X-Auth-Token", token, "X-Subject-Token", token));
    }

    public Answer get(String service, String path) {
        return call(service, "GET", path, null, null);
    }

    /** A call that is written down. */
    Answer record(
            String what, String service, String method, String path, @Nullable Object body, @Nullable String version) {
        return record(what, service, method, path, body, version, headers(service, version));
    }

    /** The same, with these headers and no others. */
    Answer record(
            String what,
            String service,
            String method,
            String path,
            @Nullable Object body,
            @Nullable String version,
            Map<String, String> headers) {
        Answer answer = send(method, endpoint(service) + path, body, headers);
        write(what, service, method, path, body, version, answer);
        return answer;
    }

    /** A call of an administrator about what is somebody else's: the address names no project. */
    Answer recordAcross(String what, String service, String method, String path, Object body) {
        String endpoint = endpoint(service).replace("/" + session().project(), "");
        Answer answer = send(method, endpoint + path, body, headers(service, null));
        write(what, service, method, path, body, null, answer);
        return answer;
    }

    /** Looks until it is so, and writes the last look down. */
    Answer recordOnce(String what, String service, String path, @Nullable String version, Predicate<Answer> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Answer answer = call(service, "GET", path, null, version);
            if (condition.test(answer) || System.nanoTime() > end) {
                write(what, service, "GET", path, null, version, answer);
                return answer;
            }
            pause.run();
        }
    }

    void pause(int times) {
        for (int i = 0; i < times; i++) {
            pause.run();
        }
    }

    void await(String service, String path, @Nullable String version, Predicate<Answer> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(call(service, "GET", path, null, version))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain at GET " + path + ": "
                        + call(service, "GET", path, null, version).body());
            }
            pause.run();
        }
    }

    private String endpoint(String service) {
        String found = session().endpoints().get(service);
        if (found == null) {
            throw new IllegalStateException(
                    "there is no " + service + " in the catalog: " + session().endpoints());
        }
        return found;
    }

    private Map<String, String> headers(String service, @Nullable String version) {
        Map<String, String> headers =
                new LinkedHashMap<>(Map.of("X-Auth-Token", session().token()));
        if (version != null) {
            String type = service.equals("volumev3") ? "volume" : service;
            headers.put("OpenStack-API-Version", type + " " + version);
        }
        return headers;
    }

    private void write(
            String what,
            String service,
            String method,
            String path,
            @Nullable Object body,
            @Nullable String version,
            Answer answer) {
        Map<String, String> headers = new TreeMap<>();
        answer.raw().headers().map().forEach((name, values) -> {
            if (HEADERS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                headers.put(name.toLowerCase(java.util.Locale.ROOT), Mask.text(values.get(0)));
            }
        });
        JsonNode sent = body == null
                ? null
                : body instanceof String text ? Mask.json(JSON.valueToTree(text)) : Mask.json(JSON.valueToTree(body));
        boolean json = !answer.body().isMissingNode();
        String text = answer.raw().body();
        exchanges.add(new Exchange(
                what,
                method,
                service + Mask.text(path),
                version,
                sent,
                answer.status(),
                headers,
                json ? Mask.json(answer.body()) : null,
                json || text.isEmpty() ? null : Mask.text(text)));
    }

    private Answer send(String method, String url, @Nullable Object body, Map<String, String> headers) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
            headers.forEach(request::header);
            request.header("Accept", "application/json");
            if (body == null) {
                request.method(method, BodyPublishers.noBody());
            } else {
                if (!headers.containsKey("Content-Type")) {
                    request.header("Content-Type", "application/json");
                }
                request.method(
                        method,
                        BodyPublishers.ofString(body instanceof String text ? text : JSON.writeValueAsString(body)));
            }
            HttpResponse<String> raw = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(raw.statusCode(), raw, parsed(raw.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + url, e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException none) {
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
    }
}
