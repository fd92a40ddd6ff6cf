package io.weir.api.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.api.ErrorDocument;
import io.weir.api.HoldView;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The line to one adapter: one call, one typed answer.
 *
 * <ol>
 *   <li>HTTPS only, TLS 1.3 or 1.2, and the certificate must bear the name that was dialled.
 *   <li>An answer must be whole within {@link Patience#answer()}, its last byte included, and not be too large.
 *   <li>What surely did not arrive is {@code Unreachable}; whatever else went wrong on the way is {@code Unknown}.
 *   <li>2xx is {@code Ok} if its body can be read, else {@code Unknown}: an answer that can't be believed is none.
 *   <li>412 is {@code Stale}, 409 with the code {@code SIZE_HELD} is {@code Held}, every other status is {@code Refused}.
 *       Redirects are not followed.
 * </ol>
 */
public final class Line implements AutoCloseable {
    private static final int SHOWN_OF_A_STRANGE_ANSWER = 200;

    private final String base;
    private final HttpClient http;
    private final Patience patience;
    private final ObjectMapper json = WireJson.mapper();

    public Line(URI base, SSLContext tls, Patience patience) {
        if (!"https".equalsIgnoreCase(base.getScheme()) || base.getHost() == null) {
            throw new IllegalArgumentException("\"" + base + "\" is no https URL");
        }
        if (base.getQuery() != null || base.getFragment() != null) {
            throw new IllegalArgumentException("\"" + base + "\" has more than a path");
        }
        String text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.patience = patience;
        SSLParameters parameters = tls.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .sslContext(tls)
                .sslParameters(parameters)
                .build();
    }

    /** How a body is read once the status is 2xx. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ObjectMapper json, byte[] body) throws IOException;
    }

    public static <T> Reader<T> as(Class<T> type) {
        return (json, body) -> {
            T value = json.readValue(body, type);
            if (value == null) {
                throw new IOException("the answer is null");
            }
            return value;
        };
    }

    public static Reader<Done> nothing() {
        return (json, body) -> Done.DONE;
    }

    /** The answer as it came, also if it is empty. */
    public static Reader<String> raw() {
        return (json, body) -> new String(body, StandardCharsets.UTF_8);
    }

    /**
     * @param path below the base, beginning with a slash
     * @param body what to send as JSON: a record, a tree, or null for none
     */
    public <T> Answer<T> call(
            String method, String path, Map<String, String> headers, @Nullable Object body, Reader<T> reader) {
        HttpRequest request;
        try {
            request = request(method, path, headers, body);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException("what was to be sent is no JSON", unwritable);
        }
        Future<HttpResponse<byte[]>> pending = http.sendAsync(request, BoundedBody.ofAtMost(patience.maxAnswerBytes()));
        try {
            return answer(pending.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS), reader);
        } catch (TimeoutException late) {
            pending.cancel(true);
            return new Answer.Unknown<>("no whole answer within " + patience.answer());
        } catch (InterruptedException interrupted) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            return new Answer.Unknown<>("interrupted while waiting for the answer");
        } catch (ExecutionException failed) {
            return failure(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private HttpRequest request(String method, String path, Map<String, String> headers, @Nullable Object body)
            throws JsonProcessingException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", "application/json")
                .timeout(patience.answer());
        headers.forEach(request::header);
        if (body == null) {
            return request.method(method, BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
    }

    private <T> Answer<T> answer(HttpResponse<byte[]> response, Reader<T> reader) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            try {
                return new Answer.Ok<>(
                        reader.read(json, response.body()),
                        response.headers().firstValue("ETag").map(ETag::new));
            } catch (IOException | IllegalArgumentException unreadable) {
                return new Answer.Unknown<>("an answer with status " + status + " that can't be read: "
                        + firstLine(String.valueOf(unreadable.getMessage())));
            }
        }
        ErrorDocument error = error(status, response.body());
        if (status == 412) {
            return new Answer.Stale<>(error);
        }
        if (status == 409 && "SIZE_HELD".equals(error.code())) {
            HoldView hold = error.hold();
            return hold == null
                    ? new Answer.Held<>("an operator", Optional.empty(), Optional.empty(), error)
                    : new Answer.Held<>(
                            hold.by(), Optional.ofNullable(hold.reason()), Optional.of(hold.until()), error);
        }
        return new Answer.Refused<>(status, error);
    }

    /** The adapter's own words if it has any, else what came instead, shortened and on one line. */
    private ErrorDocument error(int status, byte[] body) {
        try {
            JsonNode tree = json.readTree(body);
            if (tree != null && tree.path("message").isTextual()) {
                return new ErrorDocument(
                        tree.path("message").asText(),
                        tree.path("detail").asText(""),
                        tree.path("code").asText(null),
                        tree.path("field").asText(null),
                        tree.path("errorId").asText(null),
                        tree.path("hold").isObject() ? json.treeToValue(tree.path("hold"), HoldView.class) : null);
            }
        } catch (IOException notJson) {
            // Not an error document: shown as text below.
        }
        String text = new String(body, 0, Math.min(body.length, SHOWN_OF_A_STRANGE_ANSWER), StandardCharsets.UTF_8);
        String oneLine = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return ErrorDocument.of("status " + status + (oneLine.isEmpty() ? "" : ": " + oneLine), "");
    }

    private static <T> Answer<T> failure(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof HttpConnectTimeoutException
                    || t instanceof UnresolvedAddressException
                    || t instanceof SSLHandshakeException
                    || t instanceof SSLPeerUnverifiedException) {
                return new Answer.Unreachable<>(words(t));
            }
        }
        return new Answer.Unknown<>(words(cause));
    }

    private static String words(Throwable t) {
        String message = t.getMessage();
        return t instanceof UnresolvedAddressException || t.getCause() instanceof UnresolvedAddressException
                ? "no such host"
                : message == null ? t.getClass().getSimpleName() : firstLine(message);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
