package io.weir.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.simulated.ApiFailure.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The simulated cloud as a process, over HTTP. What certainly never arrived (no connection) is {@link Code#UNAVAILABLE}; what was
 * sent and got no answer, or none of this cloud's, is {@link Code#UNKNOWN}.
 */
public final class HttpSimulatedApi implements SimulatedApi {
    private final HttpClient client;
    private final Supplier<URI> base;
    private final Duration timeout;

    /** @param base where the cloud answers now: it may come back at another address */
    public HttpSimulatedApi(HttpClient client, Supplier<URI> base, Duration timeout) {
        this.client = client;
        this.base = base;
        this.timeout = timeout;
    }

    @Override
    public Page machines(Set<String> pools, @Nullable String page) throws ApiFailure {
        String query = new TreeSet<>(pools)
                .stream().map(pool -> "pool=" + encoded(pool)).collect(Collectors.joining("&"));
        return get("/machines?" + query + (page == null ? "" : "&page=" + encoded(page)), Page.class);
    }

    @Override
    public Optional<Machine> machine(String id) throws ApiFailure {
        try {
            return Optional.of(get("/machines/" + encoded(id), Machine.class));
        } catch (ApiFailure failure) {
            if (failure.code() == Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public List<Launched> launch(Launch launch) throws ApiFailure {
        return post("/launches", launch, new TypeReference<Results<Launched>>() {});
    }

    @Override
    public List<Done> terminate(List<String> ids) throws ApiFailure {
        return post("/terminations", Map.of("ids", ids), new TypeReference<Results<Done>>() {});
    }

    @Override
    public List<Done> tag(Map<String, Map<String, @Nullable String>> tagsById) throws ApiFailure {
        return post("/tags", Map.of("machines", tagsById), new TypeReference<Results<Done>>() {});
    }

    @Override
    public Catalog catalog() throws ApiFailure {
        return get("/catalog", Catalog.class);
    }

    private record Results<T>(List<T> results) {}

    private <T> T get(String path, Class<T> type) throws ApiFailure {
        return send(request(path).GET(), CloudJson.LENIENT.constructType(type));
    }

    private <T> List<T> post(String path, Object body, TypeReference<Results<T>> type) throws ApiFailure {
        try {
            HttpRequest.Builder request = request(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(CloudJson.LENIENT.writeValueAsBytes(body)));
            Results<T> results = send(request, CloudJson.LENIENT.constructType(type));
            if (results.results() == null) {
                throw new ApiFailure(Code.UNKNOWN, "an answer without results");
            }
            return results.results();
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base.get().toString().replaceAll("/$", "") + path))
                .timeout(timeout);
    }

    private <T> T send(HttpRequest.Builder request, JavaType type) throws ApiFailure {
        HttpResponse<byte[]> response = answer(request.build());
        try {
            if (response.statusCode() == 200) {
                T answer = CloudJson.LENIENT.readValue(response.body(), type);
                if (answer == null) {
                    throw new ApiFailure(Code.UNKNOWN, "an answer of null");
                }
                return answer;
            }
            throw failure(response.statusCode(), CloudJson.LENIENT.readTree(response.body()));
        } catch (IOException notOurs) {
            throw new ApiFailure(Code.UNKNOWN, "an answer that is not this cloud's: " + response.statusCode());
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws ApiFailure {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (ConnectException | HttpConnectTimeoutException neverArrived) {
            throw new ApiFailure(
                    Code.UNAVAILABLE, "no connection to " + request.uri().getAuthority());
        } catch (IOException silence) {
            throw new ApiFailure(Code.UNKNOWN, "no answer: " + silence.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ApiFailure(Code.UNKNOWN, "interrupted while waiting for an answer");
        }
    }

    private static ApiFailure failure(int status, JsonNode document) {
        String kind = document.path("kind").asText();
        for (Code code : Code.values()) {
            if (code.name().equals(kind)) {
                JsonNode wait = document.path("retryAfterSeconds");
                return new ApiFailure(
                        code,
                        document.path("text").asText(kind),
                        wait.isNumber()
                                ? Optional.of(Duration.ofMillis((long) Math.ceil(wait.asDouble() * 1000)))
                                : Optional.empty());
            }
        }
        return new ApiFailure(Code.UNKNOWN, "an answer that is not this cloud's: " + status);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
