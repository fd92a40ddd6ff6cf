package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.openstack.nova.NovaFailure.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.core.transport.Config;

/**
 * How this machine's end of a line is set up, and what the exceptions of the other end say.
 *
 * @param tls whom to trust; absent: whom the JVM trusts
 * @param longest the most that one request may take
 */
record Wire(Optional<SSLContext> tls, Duration connect, Duration longest) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 300;

    Config config(Deadline deadline) {
        Duration left = deadline.left();
        Duration read = left.compareTo(longest) < 0 ? left : longest;
        Config config = Config.newConfig()
                .withConnectionTimeout(Math.toIntExact(connect.toMillis()))
                .withReadTimeout(Math.toIntExact(read.toMillis()));
        return tls.map(config::withSSLContext).orElse(config);
    }

    /** @param what was asked, for the text */
    static NovaFailure failure(ResponseException failed, String what) {
        return switch (failed) {
            case Silence silence ->
                new NovaFailure(
                        silence.sent() ? Fate.SILENT : Fate.NOT_SENT,
                        0,
                        "",
                        what + ": " + silence.getMessage(),
                        Optional.empty());
            case Refusal refusal -> refused(refusal.answer(), what);
            default ->
                new NovaFailure(
                        Fate.GARBLED, failed.getStatus(), "", what + ": " + failed.getMessage(), Optional.empty());
        };
    }

    /** For the counts: a small set of words. */
    static String outcome(NovaFailure failure) {
        return switch (failure.fate()) {
            case NOT_SENT -> "not-sent";
            case SILENT -> "no-answer";
            case GARBLED -> failure.status() / 100 == 2 ? "garbled" : String.valueOf(failure.status());
            case REFUSED -> String.valueOf(failure.status());
        };
    }

    /** {@code {"badRequest": {"message": …}}}, {@code {"error": {…}}} or {@code {"NeutronError": {"type": …, "message": …}}}. */
    private static NovaFailure refused(Answer answer, String what) {
        int status = answer.getStatus();
        Optional<Duration> wait = retryAfter(answer.header("Retry-After"));
        Optional<JsonNode> body = json(answer);
        if (body.isPresent() && body.get().size() == 1) {
            Map.Entry<String, JsonNode> error =
                    body.get().properties().iterator().next();
            JsonNode message = error.getValue().isTextual()
                    ? error.getValue()
                    : error.getValue().path("message");
            if (message.isTextual()) {
                return new NovaFailure(
                        Fate.REFUSED,
                        status,
                        error.getValue().path("type").asText(error.getKey()),
                        what + ": " + cut(message.textValue()),
                        wait.or(() ->
                                retryAfter(error.getValue().path("retryAfter").asText(null))));
            }
        }
        return new NovaFailure(Fate.GARBLED, status, "", what + ": HTTP " + status + ", " + plain(answer), wait);
    }

    private static Optional<JsonNode> json(Answer answer) {
        try {
            return Optional.ofNullable(JSON.readTree(answer.body())).filter(JsonNode::isObject);
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> retryAfter(@Nullable String seconds) {
        return Optional.ofNullable(seconds)
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** A page's words without its tags. */
    private static String plain(Answer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8)
                .replaceAll("(?s)<[^>]*>", " ")
                .replaceAll("\\s+", " ")
                .strip();
        return text.isEmpty() ? "no body" : "\"" + cut(text) + "\"";
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
