package io.weir.gce.fake;

import java.util.Map;
import java.util.Optional;

/** What Compute says no with at the door: an HTTP status, a reason and a text. The texts are those that its users report. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    final int status;
    final String reason;
    final String domain;
    /** What the error names besides, as a header. */
    final transient Map<String, String> more;

    private Refusal(int status, String domain, String reason, String text, Map<String, String> more) {
        super(text, null, false, false);
        this.status = status;
        this.domain = domain;
        this.reason = reason;
        this.more = more;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    static Refusal of(int status, String reason, String text) {
        return new Refusal(status, "global", reason, text, Map.of());
    }

    static Refusal invalid(String field, String value, String why) {
        return of(400, "invalid", "Invalid value for field '" + field + "': '" + value + "'. " + why);
    }

    static Refusal required(String field) {
        return of(400, "required", "Required field '" + field + "' not specified");
    }

    static Refusal badRequest(String text) {
        return of(400, "badRequest", text);
    }

    /** @param resource from {@code projects/} on */
    static Refusal notFound(String resource) {
        return of(404, "notFound", "The resource '" + resource + "' was not found");
    }

    static Refusal exists(String resource) {
        return of(409, "alreadyExists", "The resource '" + resource + "' already exists");
    }

    static Refusal notReady(String resource) {
        return of(400, "resourceNotReady", "The resource '" + resource + "' is not ready");
    }

    static Refusal staleLabels() {
        return new Refusal(
                412,
                "global",
                "conditionNotMet",
                "Labels fingerprint either invalid or resource labels have changed",
                Map.of("location", "If-Match", "locationType", "header"));
    }

    static Refusal denied(String permission, String resource) {
        return of(403, "forbidden", "Required '" + permission + "' permission for '" + resource + "'");
    }

    static Refusal throttled(String metric) {
        return new Refusal(
                403,
                "usageLimits",
                "rateLimitExceeded",
                "Quota exceeded for quota metric '" + metric + "' and limit '" + metric
                        + " per minute' of service 'compute.googleapis.com' for consumer 'project_number:"
                        + ExampleProject.NUMBER + "'.",
                Map.of());
    }

    static Refusal quota(String text) {
        return new Refusal(403, "usageLimits", "quotaExceeded", text, Map.of());
    }

    static Refusal unreachable(String zone) {
        return of(503, "backendError", "The zone '" + zone + "' is currently unavailable. Please try again later.");
    }

    static Refusal unauthenticated() {
        return new Refusal(
                401,
                "global",
                "authError",
                "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other"
                        + " valid authentication credential.",
                Map.of("location", "Authorization", "locationType", "header"));
    }

    /** What no Google answers: the fake was asked for what it does not know, and does not pretend that it does. */
    static Refusal notInTheFake(String what) {
        return of(501, "notInTheFake", "the fake does not know " + what);
    }

    /** Google's name for the status, beside the reason; only some answers have it. */
    Optional<String> word() {
        return status == 401 ? Optional.of("UNAUTHENTICATED") : Optional.empty();
    }
}
