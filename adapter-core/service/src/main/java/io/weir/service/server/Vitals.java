package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.WireJson;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}: the process lives, it is ready for work, and what it counts. */
final class Vitals {
    private static final Set<String> PATHS = Set.of("/healthz", "/readyz", "/metrics");
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final String name;
    private final Metrics metrics;
    private final Readiness readiness;

    Vitals(String name, Metrics metrics, Readiness readiness) {
        this.name = name;
        this.metrics = metrics;
        this.readiness = readiness;
    }

    static boolean owns(Request request) {
        return PATHS.contains(Request.getPathInContext(request));
    }

    void answer(Request request, Response response, Callback callback) {
        if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
            Answers.error(
                    request,
                    response,
                    callback,
                    new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "this path does not answer this method")
                            .withHeader("Allow", "GET, HEAD"));
            return;
        }
        switch (Request.getPathInContext(request)) {
            case "/healthz" -> health(request, response, callback);
            case "/readyz" -> ready(request, response, callback);
            default -> Answers.body(request, response, callback, PROMETHEUS, metrics.text());
        }
    }

    private void health(Request request, Response response, Callback callback) {
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", "ok");
        health.put("service", name);
        health.putAll(readiness.facts());
        Answers.body(request, response, callback, Answers.JSON, WireJson.bytes(health));
    }

    private void ready(Request request, Response response, Callback callback) {
        Readiness.Verdict verdict = readiness.verdict();
        response.setStatus(verdict.ready() ? 200 : 503);
        Answers.body(request, response, callback, Answers.JSON, WireJson.bytes(verdict));
    }
}
