package io.weir.service.server;

import io.weir.certs.Role;
import io.weir.service.caller.Caller;
import io.weir.service.caller.Callers;
import io.weir.service.caller.Refusal;
import io.weir.service.caller.Refusals;
import io.weir.service.caller.RequestLimits;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.error.ErrorDocument;
import io.weir.service.metrics.Metrics;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request comes in here.
 *
 * <ol>
 *   <li>On the management port there are the vitals and nothing else.
 *   <li>On the main port the certificate says who calls; one without a role is 403 whatever it asks for.
 *   <li>Who asks for too much is 429 with Retry-After; of these one a second is told to the log and the audit.
 *   <li>The vitals are answered here, everything else by the resources.
 *   <li>After the answer what is left of the body is drained, and the request is counted.
 * </ol>
 */
final class Door extends Handler.Wrapper {
    private static final Logger REQUESTS = LoggerFactory.getLogger("io.weir.service.requests");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");
    private static final Caller WARM_UP = new Caller(Role.VIEWER, "warm-up");
    private static final String MANAGEMENT = "the management port";

    private static final long FLOOD_NANOS = 1_000_000_000L;

    private final AtomicLong floodTold = new AtomicLong(System.nanoTime() - 2 * FLOOD_NANOS);
    private final Callers callers;
    private final RequestLimits limits;
    private final Refusals refusals;
    private final Metrics metrics;
    private final Vitals vitals;
    private final Connector management;
    private final Connector main;

    Door(
            Connector main,
            Connector management,
            Callers callers,
            RequestLimits limits,
            Refusals refusals,
            Metrics metrics,
            Vitals vitals) {
        this.main = main;
        this.management = management;
        this.callers = callers;
        this.limits = limits;
        this.refusals = refusals;
        this.metrics = metrics;
        this.vitals = vitals;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connector connector = request.getConnectionMetaData().getConnector();
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        if (connector == main) {
            return outside(request, response, callback);
        }
        if (connector == management) {
            return management(request, response, callback);
        }
        return super.handle(new Exchange(request, WARM_UP, "CN=warm-up"), response, callback);
    }

    private boolean management(Request request, Response response, Callback callback) {
        var exchange = new Exchange(request, WARM_UP, MANAGEMENT);
        int wait = limits.begin(MANAGEMENT);
        var visit = new Visit(exchange, response, callback, wait == 0 ? MANAGEMENT : null);
        if (wait > 0) {
            ApiException error = tooMany(wait);
            Answers.error(exchange, response, visit, error, ErrorDocument.of(error));
        } else if (Vitals.owns(exchange)) {
            vital(exchange, response, visit);
        } else {
            Answers.error(exchange, response, visit, ApiException.notFound("there is nothing at this path"));
        }
        return true;
    }

    private boolean outside(Request request, Response response, Callback callback) throws Exception {
        X509Certificate certificate = certificate(request);
        String subject =
                certificate == null ? "" : certificate.getSubjectX500Principal().getName();
        Optional<Caller> caller = certificate == null ? Optional.empty() : callers.of(certificate);
        var exchange = new Exchange(request, caller.orElse(WARM_UP), subject);
        String identity = caller.map(Caller::toString).orElse(subject);
        int wait = limits.begin(identity);
        var visit = new Visit(exchange, response, callback, wait == 0 ? identity : null);
        if (wait > 0) {
            flooded(exchange, response, visit, caller.orElse(null), tooMany(wait));
        } else if (caller.isEmpty()) {
            refuse(exchange, response, visit, null, nobody());
        } else if (Vitals.owns(exchange)) {
            vital(exchange, response, visit);
        } else {
            inside(exchange, response, visit);
        }
        return true;
    }

    private void inside(Exchange exchange, Response response, Visit visit) throws Exception {
        try {
            if (!super.handle(exchange, response, visit)) {
                Answers.error(exchange, response, visit, ApiException.notFound("there is nothing at this path"));
            }
        } catch (Exception e) {
            visit.end();
            throw e;
        }
    }

    private void vital(Exchange exchange, Response response, Visit visit) {
        exchange.route(Request.getPathInContext(exchange));
        vitals.answer(exchange, response, visit);
    }

    /** Told to the log and the audit once a second at most: telling of a flood must not become one. */
    private void flooded(
            Exchange exchange, Response response, Visit visit, @Nullable Caller caller, ApiException error) {
        long now = System.nanoTime();
        long last = floodTold.get();
        if (now - last > FLOOD_NANOS && floodTold.compareAndSet(last, now)) {
            refuse(exchange, response, visit, caller, error);
        } else {
            Answers.error(exchange, response, visit, error, ErrorDocument.of(error));
        }
    }

    private void refuse(
            Exchange exchange, Response response, Visit visit, @Nullable Caller caller, ApiException error) {
        String path = Request.getPathInContext(exchange);
        String who = caller == null ? exchange.subject() : caller.toString();
        ErrorDocument document = Answers.logged(exchange.getMethod(), path, error, who);
        refusals.refused(new Refusal(
                caller,
                exchange.subject(),
                exchange.getMethod(),
                path,
                error.code(),
                error.message(),
                document.errorId()));
        Answers.error(exchange, response, visit, error, document);
    }

    private static ApiException tooMany(int wait) {
        return new ApiException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "too many requests; try again in " + wait + " s",
                        "one identity may make a bounded number of requests a second, and at once")
                .withHeader("Retry-After", Integer.toString(wait));
    }

    private static ApiException nobody() {
        return new ApiException(
                ErrorCode.FORBIDDEN,
                "the certificate has no role here",
                "it needs one URI such as weir://operator/anna among its alternative names,"
                        + " or a row for its subject in the configuration");
    }

    private static @Nullable X509Certificate certificate(Request request) {
        var session = (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
        X509Certificate[] chain = session == null ? null : session.peerCertificates();
        return chain == null || chain.length == 0 ? null : chain[0];
    }

    /** The end of a request: drained, counted, and its place given back, once. */
    private final class Visit extends Callback.Nested {
        private final Exchange exchange;
        private final Response response;
        private final Callback outer;
        private final @Nullable String identity;
        private final long begun = System.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();

        Visit(Exchange exchange, Response response, Callback callback, @Nullable String identity) {
            super(callback);
            this.exchange = exchange;
            this.response = response;
            this.outer = callback;
            this.identity = identity;
        }

        @Override
        public void succeeded() {
            Drain.then(exchange, new Callback() {
                @Override
                public void succeeded() {
                    end();
                    outer.succeeded();
                }
            });
        }

        @Override
        public void failed(Throwable cause) {
            end();
            super.failed(cause);
        }

        void end() {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            if (identity != null) {
                limits.end(identity);
            }
            long nanos = System.nanoTime() - begun;
            String method = METHODS.contains(exchange.getMethod()) ? exchange.getMethod() : "other";
            metrics.answered(exchange.route(), method, response.getStatus(), nanos);
            REQUESTS.debug(
                    "{} {} {} {} {} ms",
                    identity == null ? exchange.subject() : identity,
                    exchange.getMethod(),
                    exchange.getHttpURI().getPath(),
                    response.getStatus(),
                    nanos / 1_000_000);
        }
    }
}
