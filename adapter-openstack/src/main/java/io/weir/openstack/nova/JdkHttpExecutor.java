package io.weir.openstack.nova;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.openstack4j.core.transport.ClientConstants;
import org.openstack4j.core.transport.Config;
import org.openstack4j.core.transport.HttpExecutorService;
import org.openstack4j.core.transport.HttpRequest;
import org.openstack4j.core.transport.HttpResponse;
import org.openstack4j.core.transport.ObjectMapperSingleton;
import org.openstack4j.core.transport.ProxyHost;

/**
 * openstack4j's requests over the JDK's own HTTP client.
 *
 * <ol>
 *   <li>An answer of 2xx is an answer. Every other one is thrown as a {@link Refusal} with its status, headers and body: whoever
 *       called knows better than a connector what a 404 means.
 *   <li>Nothing is sent twice, and no redirect is followed. (The JDK itself repeats a GET on a connection that was closed under it.)
 *   <li>A call that never left this machine is told from one whose answer is missing: {@link Silence#sent()}.
 *   <li>The read time-out of the {@link Config} bounds the whole exchange to the last byte, not the wait for the first.
 *   <li>One client, and so one pool of connections, for what configures one: connect time-out, TLS and proxy.
 * </ol>
 *
 * openstack4j finds it by {@code ServiceLoader}; what it needs to know travels in the {@code Config}.
 */
public final class JdkHttpExecutor implements HttpExecutorService {
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    private final Map<Line, HttpClient> clients = new ConcurrentHashMap<>();

    private record Line(
            Duration connectTimeout,
            @Nullable SSLContext tls,
            @Nullable ProxyHost proxy) {
        static Line of(Config config) {
            return new Line(millis(config.getConnectTimeout()), config.getSslContext(), config.getProxy());
        }
    }

    @Override
    public String getExecutorDisplayName() {
        return "java.net.http";
    }

    @Override
    public <R> HttpResponse execute(HttpRequest<R> request) {
        Config config = request.getConfig();
        HttpClient client = clients.computeIfAbsent(Line.of(config), JdkHttpExecutor::client);
        java.net.http.HttpResponse<byte[]> response =
                exchange(client, jdkRequest(request), millis(config.getReadTimeout()));
        Answer answer = new Answer(response);
        if (response.statusCode() / 100 != 2) {
            throw new Refusal(answer);
        }
        return answer;
    }

    private static HttpClient client(Line line) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(line.connectTimeout());
        if (line.tls() != null) {
            builder.sslContext(line.tls());
        }
        if (line.proxy() != null) {
            String host = URI.create(line.proxy().getHost()).getHost();
            builder.proxy(
                    ProxySelector.of(new InetSocketAddress(host, line.proxy().getPort())));
        }
        return builder.build();
    }

    private static Duration millis(int millis) {
        return millis > 0 ? Duration.ofMillis(millis) : USUAL_TIMEOUT;
    }

    private static java.net.http.HttpRequest jdkRequest(HttpRequest<?> request) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.getUrl()))
                .method(request.getMethod().name(), body(request))
                .setHeader("Accept", "application/json");
        if (request.getEntity() != null || request.hasJson()) {
            builder.setHeader("Content-Type", request.getContentType());
        }
        request.getHeaders().forEach((name, value) -> {
            if (!name.equals(ClientConstants.HEADER_OS4J_AUTH)) {
                builder.setHeader(name, String.valueOf(value));
            }
        });
        return builder.build();
    }

    private static BodyPublisher body(HttpRequest<?> request) {
        Object entity = request.getEntity();
        try {
            if (entity instanceof InputStream stream) {
                return BodyPublishers.ofInputStream(() -> stream);
            }
            if (entity != null) {
                return BodyPublishers.ofByteArray(
                        ObjectMapperSingleton.getContext(entity.getClass()).writeValueAsBytes(entity));
            }
            return request.hasJson() ? BodyPublishers.ofString(request.getJson()) : BodyPublishers.noBody();
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException("a request that is no JSON", cannotBe);
        }
    }

    private static java.net.http.HttpResponse<byte[]> exchange(
            HttpClient client, java.net.http.HttpRequest request, Duration bound) {
        CompletableFuture<java.net.http.HttpResponse<byte[]>> exchange =
                client.sendAsync(request, BodyHandlers.ofByteArray());
        String where = request.uri().getAuthority();
        try {
            return exchange.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException over) {
            exchange.cancel(true);
            throw new Silence(where + " did not answer within " + bound.toMillis() + " ms", true, over);
        } catch (InterruptedException stop) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new Silence("interrupted while waiting for " + where, true, stop);
        } catch (ExecutionException failed) {
            throw silence(where, failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private static Silence silence(String where, Throwable cause) {
        if (cause instanceof SSLHandshakeException) {
            return new Silence("no TLS with " + where + ": " + cause.getMessage(), false, cause);
        }
        if (cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause.getCause() instanceof UnresolvedAddressException) {
            return new Silence("no connection to " + where + reason(cause), false, cause);
        }
        if (cause instanceof IOException) {
            return new Silence("no whole answer from " + where + ": " + cause.getMessage(), true, cause);
        }
        throw new IllegalStateException("the exchange with " + where + " failed", cause);
    }

    private static String reason(Throwable cause) {
        return cause.getCause() instanceof UnresolvedAddressException
                ? ": the name is not known"
                : cause instanceof HttpConnectTimeoutException ? ": it timed out" : "";
    }
}
