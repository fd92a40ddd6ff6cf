package io.weir.gce.compute;

import static io.weir.pool.FailureKind.CONFLICT;
import static io.weir.pool.FailureKind.INVALID_TEMPLATE;
import static io.weir.pool.FailureKind.NOT_FOUND;
import static io.weir.pool.FailureKind.NO_CAPACITY;
import static io.weir.pool.FailureKind.QUOTA_EXCEEDED;
import static io.weir.pool.FailureKind.THROTTLED;
import static io.weir.pool.FailureKind.UNAUTHORIZED;
import static io.weir.pool.FailureKind.UNAVAILABLE;
import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.auth.Retryable;
import com.google.cloud.compute.v1.ErrorDetails;
import com.google.cloud.compute.v1.Errors;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.QuotaExceededInfo;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with a call, or with an operation that a call began, → what it means for a pool. Which of these were seen, and where,
 * is in {@code docs/clouds/gce.md}.
 *
 * <ol>
 *   <li>A word decides before a status: the reason of an answer, the code of an operation's error. Compute Engine answers 403 for a rate,
 *       a quota and a permission alike.
 *   <li>A failure of the login is one of the login: the call itself was never made.
 *   <li>Without an answer a call may have happened, unless there certainly was no connection. So may one that a 5xx answers, or somebody who
 *       does not write as Compute Engine does: a proxy's 404 is no machine that is gone.
 *   <li>An {@code Error} in the client, such as a class that is missing, is wrapped like a failure of the wire. It is told by its own name; whether
 *       anything was sent before it is not known.
 *   <li>A read that nobody knows of changed nothing: Compute Engine is not available.
 *   <li>An operation that ended with an error has not done what it was for, whatever the error is; the client's exceptions are not asked.
 *   <li>What a launch needs and is not there, and what the organization's policies forbid (412 {@code conditionNotMet}, "Constraint …
 *       violated"), makes the template a wrong one, whether the call says so or the operation: another try is refused as well.
 *   <li>A quota is named: which, how large, where.
 *   <li>A text is made short last, after what it must not show was taken out of it: what was cut is not found again.
 * </ol>
 */
final class GceFailures {
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
    private static final int ABSENT = 404;
    private static final int TAKEN = 409;
    private static final int GONE = 410;
    private static final int STALE = 412;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int BAD = 400;
    private static final int SERVERS = 500;
    private static final int LONGEST = 2000;

    /** Of an end: the instance is protected. Of a launch: its parts do not fit together. */
    private static final String UNFIT = "INVALIDRESOURCEUSAGE";
    /** Of labels: they were changed meanwhile. Of a launch: the organization's policies do not allow it. */
    private static final String UNMET = "CONDITIONNOTMET";

    /** Reasons of answers and codes of operations, in capitals without signs between. */
    private static final Map<String, FailureKind> KINDS = Map.ofEntries(
            entry("ZONERESOURCEPOOLEXHAUSTED", NO_CAPACITY),
            entry("ZONERESOURCEPOOLEXHAUSTEDWITHDETAILS", NO_CAPACITY),
            entry("REGIONRESOURCEPOOLEXHAUSTED", NO_CAPACITY),
            entry("RESOURCEPOOLEXHAUSTED", NO_CAPACITY),
            entry("STOCKOUT", NO_CAPACITY),
            entry("IPSPACEEXHAUSTED", NO_CAPACITY),
            entry("IPSPACEEXHAUSTEDWITHDETAILS", NO_CAPACITY),
            entry("SUBNETWORKIPSPACEEXHAUSTED", NO_CAPACITY),
            // A type that a zone no longer offers: another choice may help.
            entry("UNSUPPORTEDOPERATION", NO_CAPACITY),
            entry("QUOTAEXCEEDED", QUOTA_EXCEEDED),
            entry("LIMITEXCEEDED", QUOTA_EXCEEDED),
            entry("DAILYLIMITEXCEEDED", QUOTA_EXCEEDED),
            entry("RATELIMITEXCEEDED", THROTTLED),
            entry("USERRATELIMITEXCEEDED", THROTTLED),
            entry("CONCURRENTLIMITEXCEEDED", THROTTLED),
            entry("OPERATIONRATEEXCEEDED", THROTTLED),
            entry("RESOURCEOPERATIONRATEEXCEEDED", THROTTLED),
            entry("FORBIDDEN", UNAUTHORIZED),
            entry("AUTHERROR", UNAUTHORIZED),
            entry("ACCESSNOTCONFIGURED", UNAUTHORIZED),
            entry("INSUFFICIENTPERMISSIONS", UNAUTHORIZED),
            entry("PERMISSIONSERROR", UNAUTHORIZED),
            entry("BILLINGNOTENABLED", UNAUTHORIZED),
            entry(UNFIT, CONFLICT),
            entry("RESOURCENOTREADY", CONFLICT),
            entry("RESOURCEINUSEBYANOTHERRESOURCE", CONFLICT),
            entry("RESOURCEINUSE", CONFLICT),
            entry(UNMET, CONFLICT),
            entry("ALREADYEXISTS", CONFLICT),
            entry("RESOURCEALREADYEXISTS", CONFLICT),
            entry("NOTFOUND", NOT_FOUND),
            entry("RESOURCENOTFOUND", NOT_FOUND),
            entry("INVALID", INVALID_TEMPLATE),
            entry("REQUIRED", INVALID_TEMPLATE),
            entry("BADREQUEST", INVALID_TEMPLATE),
            entry("PARSEERROR", INVALID_TEMPLATE),
            entry("INVALIDFIELDVALUE", INVALID_TEMPLATE),
            entry("INVALIDUSAGE", INVALID_TEMPLATE),
            entry("INVALIDPARAMETER", INVALID_TEMPLATE),
            entry("SERVICEACCOUNTACCESSDENIED", INVALID_TEMPLATE),
            entry("INTERNALERROR", UNAVAILABLE));

    private static final String TAKEN_NAME = "RESOURCEALREADYEXISTS";
    private static final String OF_A_DISK = "/disks/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private GceFailures() {}

    /**
     * What was answered.
     *
     * @param googles whether it is written as Compute Engine writes its errors; else a proxy may have answered
     * @param reason in its own letters; empty if it gave none
     */
    private record Said(boolean googles, int status, String reason, String text) {}

    /** What a call that changes something came to. */
    static CloudException ofChange(ApiException failure) {
        return exception(kind(failure), failure);
    }

    /**
     * What a launch came to.
     *
     * @param hidden a text without what nobody is to read
     */
    static CloudException ofLaunch(ApiException failure, UnaryOperator<String> hidden) {
        String word = said(failure).map(Said::reason).orElse("");
        FailureKind kind = ofLaunch(kind(failure), word, status(failure).orElse(0));
        return new CloudException(kind, cut(hidden.apply(text(failure))), retryAfter(failure));
    }

    /**
     * Why the operation of a launch failed: it did not happen. The call was allowed; what an operation is denied is a part, such as a key
     * or an account.
     */
    static CloudException ofLaunch(Operation ended, UnaryOperator<String> hidden) {
        Ended why = ended(ended);
        FailureKind kind = why.kind() == UNAUTHORIZED ? INVALID_TEMPLATE : ofLaunch(why.kind(), why.code(), 0);
        return new CloudException(kind, cut(hidden.apply(why.text())));
    }

    /** What a launch needs and is not there, does not fit together or is not allowed makes the template a wrong one. */
    private static FailureKind ofLaunch(FailureKind kind, String word, int status) {
        boolean unfit =
                letters(word).equals(UNFIT) || letters(word).equals(UNMET) || (kind == CONFLICT && status == STALE);
        return kind == NOT_FOUND || unfit ? INVALID_TEMPLATE : kind;
    }

    /** What a read came to: one that nobody knows of changed nothing. */
    static CloudException ofRead(ApiException failure) {
        FailureKind kind = kind(failure);
        return exception(kind == FailureKind.UNKNOWN ? UNAVAILABLE : kind, failure);
    }

    /** Whether it says that there is no such thing. */
    static boolean isAbsent(ApiException failure) {
        return kind(failure) == NOT_FOUND;
    }

    /** Whether a launch was refused because there is, or is about to be, an instance of that name; a disk of that name is none. */
    static boolean isNameTaken(ApiException failure) {
        return said(failure)
                .filter(said -> said.status() == TAKEN && kind(failure) == CONFLICT)
                .filter(said -> !said.text().contains(OF_A_DISK))
                .isPresent();
    }

    static boolean isNameTaken(Operation ended) {
        return ended.getError().getErrorsList().stream()
                .anyMatch(error -> letters(error.getCode()).equals(TAKEN_NAME)
                        && !error.getMessage().contains(OF_A_DISK));
    }

    /** Whether labels were changed by somebody since they were read. */
    static boolean isStale(ApiException failure) {
        return status(failure).filter(status -> status == STALE).isPresent() && kind(failure) == CONFLICT;
    }

    /** Why an operation that ended with an error failed: it did not happen. */
    static CloudException ofOperation(Operation ended) {
        Ended why = ended(ended);
        return new CloudException(why.kind(), cut(why.text()));
    }

    /** @param code the first one that is known, in its own letters; empty if none is */
    private record Ended(FailureKind kind, String code, String text) {}

    private static Ended ended(Operation ended) {
        FailureKind kind = null;
        String code = "";
        StringBuilder text = new StringBuilder();
        for (Errors error : ended.getError().getErrorsList()) {
            if (kind == null) {
                kind = KINDS.get(letters(error.getCode()));
                code = kind == null ? "" : error.getCode();
            }
            text.append(text.isEmpty() ? "" : "; ").append(text(error));
        }
        if (kind == null) {
            kind = ended.hasHttpErrorStatusCode() ? ofStatus(ended.getHttpErrorStatusCode()) : null;
        }
        return new Ended(
                kind == null || kind == FailureKind.UNKNOWN ? UNAVAILABLE : kind,
                code,
                text.isEmpty() ? "the operation " + ended.getName() + " failed" : text.toString());
    }

    private static String text(Errors error) {
        StringBuilder text = new StringBuilder(error.getCode() + ": " + error.getMessage());
        for (ErrorDetails detail : error.getErrorDetailsList()) {
            if (detail.hasQuotaInfo()) {
                QuotaExceededInfo quota = detail.getQuotaInfo();
                text.append(" (quota ")
                        .append(quota.getLimitName().isEmpty() ? quota.getMetricName() : quota.getLimitName())
                        .append(", limit ")
                        .append(quota.getLimit())
                        .append(quota.getDimensionsMap().isEmpty() ? "" : ", " + quota.getDimensionsMap())
                        .append(')');
            }
        }
        return text.toString();
    }

    /** The status of the answer; empty if there was none. */
    static Optional<Integer> status(ApiException failure) {
        return said(failure).map(Said::status);
    }

    private static CloudException exception(FailureKind kind, ApiException failure) {
        return new CloudException(kind, cut(text(failure)), retryAfter(failure));
    }

    private static FailureKind kind(ApiException failure) {
        if (isLogin(failure)) {
            return isPassing(failure) ? UNAVAILABLE : UNAUTHORIZED;
        }
        Optional<Said> said = said(failure);
        if (said.isEmpty()) {
            return neverLeft(failure) ? UNAVAILABLE : FailureKind.UNKNOWN;
        }
        FailureKind known = KINDS.get(letters(said.get().reason()));
        FailureKind byStatus = ofStatus(said.get().status());
        if (!said.get().googles() && byStatus != UNAUTHORIZED && byStatus != THROTTLED) {
            return FailureKind.UNKNOWN; // a proxy's 404 says nothing of a machine
        }
        // "invalid" and "notFound" are words for many things; on a 5xx they say nothing of what was done.
        if (known == null || (said.get().status() >= SERVERS && known != NO_CAPACITY && known != THROTTLED)) {
            return byStatus;
        }
        return known;
    }

    private static FailureKind ofStatus(int status) {
        return switch (status) {
            case UNAUTHENTICATED, FORBIDDEN -> UNAUTHORIZED;
            case ABSENT, GONE -> NOT_FOUND;
            case TAKEN, STALE -> CONFLICT;
            case TOO_MANY -> THROTTLED;
            case BAD, TOO_LARGE -> INVALID_TEMPLATE;
            default -> FailureKind.UNKNOWN;
        };
    }

    /** The credentials were not found, or got no token. */
    private static boolean isLogin(ApiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Retryable) {
                return true;
            }
        }
        return failure.getStatusCode().getCode() == StatusCode.Code.UNAUTHENTICATED
                && said(failure).isEmpty();
    }

    private static boolean isPassing(ApiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Retryable said && said.isRetryable()) {
                return true;
            }
        }
        return neverLeft(failure);
    }

    /** No connection: the request cannot have arrived. A handshake that failed has sent nothing either. */
    private static boolean neverLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Said> said(ApiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException answer) {
                return Optional.of(said(answer));
            }
            // Java's own HTTP client reads no body of a 401 to what was sent as a stream.
            if (cause instanceof HttpRetryException unread && unread.responseCode() == UNAUTHENTICATED) {
                return Optional.of(new Said(true, UNAUTHENTICATED, "", "the credentials are not accepted"));
            }
        }
        return Optional.empty();
    }

    private static Said said(HttpResponseException answer) {
        String body = answer.getContent();
        try {
            JsonNode error = JSON.readTree(body == null ? "{}" : body).path("error");
            JsonNode first = error.path("errors").path(0);
            String reason = first.path("reason").asText("");
            for (JsonNode detail : error.path("details")) {
                reason = reason.isEmpty() ? detail.path("reason").asText("") : reason;
            }
            String text = error.path("message").asText(first.path("message").asText(""));
            return new Said(error.isObject(), answer.getStatusCode(), reason, text);
        } catch (JsonProcessingException noneOfGoogles) {
            return new Said(false, answer.getStatusCode(), "", "");
        }
    }

    private static String text(ApiException failure) {
        Optional<Said> said = isLogin(failure) ? Optional.empty() : said(failure);
        if (said.isEmpty()) {
            return innermost(failure);
        }
        String reason = said.get().reason();
        return "HTTP " + said.get().status() + (reason.isEmpty() ? "" : " " + reason)
                + (said.get().text().isEmpty() ? "" : ": " + said.get().text());
    }

    /** What the client wraps is what tells: itself it says a class's name or nothing. */
    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = cause.getMessage();
        String kind = cause.getClass().getSimpleName();
        return text == null || text.isBlank() ? kind : cause instanceof ApiException ? text : kind + ": " + text;
    }

    private static String letters(@Nullable String word) {
        return word == null ? "" : word.replaceAll("[^A-Za-z]", "").toUpperCase(Locale.ROOT);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static Optional<Duration> retryAfter(ApiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException answer && answer.getHeaders() != null) {
                String wait = answer.getHeaders().getRetryAfter();
                return wait != null && wait.matches("\\d{1,6}")
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(wait)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
