package io.weir.autoscaler.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One GET of something that must be whole within a time and a size. Real time, whatever the time scale. */
public final class HttpReader {
    public static final int MOST_BYTES = 16 << 20;

    private final HttpClient http;
    private final Duration timeout;
    private final Supplier<Map<String, String>> headers;

    /** @param headers sent with a request, such as an Authorization; asked for anew each time, for a secret may be renewed */
    public HttpReader(HttpClient http, Duration timeout, Supplier<Map<String, String>> headers) {
        this.http = http;
        this.timeout = timeout;
        this.headers = headers;
    }

    record Page(int status, String contentType, byte[] body) {}

    CompletableFuture<Page> get(URI uri, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Accept", accept)
                .GET();
        try {
            headers.get().forEach(request::setHeader);
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            return CompletableFuture.failedFuture(new IOException("a header cannot be sent: " + e.getMessage()));
        }
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request.build(), ignored -> new BoundedBytes());
        return answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(got -> new Page(
                        got.statusCode(),
                        got.headers().firstValue("Content-Type").orElse(""),
                        got.body()));
    }

    /** What went wrong, in words and without class names. */
    String told(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
                return "no whole answer within " + timeout.toMillis() + " ms";
            }
            if (cause instanceof UnresolvedAddressException) {
                return "no such host";
            }
            if (cause instanceof ConnectException) {
                return "connection refused";
            }
            if (cause.getCause() == null) {
                String message = cause.getMessage();
                return message == null
                        ? "the connection broke"
                        : message.lines().findFirst().orElse(message);
            }
        }
        return "unknown";
    }

    private static final class BoundedBytes implements BodySubscriber<byte[]> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private @Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + buffer.remaining() > MOST_BYTES) {
                    whole.completeExceptionally(new IOException("the answer is larger than " + MOST_BYTES + " bytes"));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    return;
                }
                byte[] some = new byte[buffer.remaining()];
                buffer.get(some);
                bytes.writeBytes(some);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}
