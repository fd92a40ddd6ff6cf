package io.weir.openstack.nova;

import static io.weir.pool.FailureKind.CONFLICT;
import static io.weir.pool.FailureKind.INVALID_TEMPLATE;
import static io.weir.pool.FailureKind.NOT_FOUND;
import static io.weir.pool.FailureKind.NO_CAPACITY;
import static io.weir.pool.FailureKind.QUOTA_EXCEEDED;
import static io.weir.pool.FailureKind.THROTTLED;
import static io.weir.pool.FailureKind.UNAUTHORIZED;
import static io.weir.pool.FailureKind.UNAVAILABLE;
import static io.weir.pool.FailureKind.UNKNOWN;

import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import io.weir.pool.Outcome;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What OpenStack's errors mean for a pool, from status, code <em>and</em> sentence. Rows marked "seen" were answered by a real
 * Keystone 22, Nova 26, Neutron 21 and Cinder 21; the others stand in those services' API references.
 */
final class NovaFailures {

    /** Statuses of a service's own refusals, where the sentence says no more. */
    private static final Map<Integer, FailureKind> STATUSES = Map.ofEntries(
            Map.entry(400, INVALID_TEMPLATE), // seen: flavor, image, key, zone, volume, metadata
            Map.entry(401, UNAUTHORIZED), // seen: a bad token, twice
            Map.entry(403, UNAUTHORIZED), // the policy does not let this user do it
            Map.entry(404, NOT_FOUND), // seen: itemNotFound, NeutronError PortNotFound
            Map.entry(406, UNAVAILABLE), // seen: a microversion that this Nova does not speak
            Map.entry(409, CONFLICT), // seen: a locked server, a port in use, a port that has a floating IP already
            Map.entry(413, QUOTA_EXCEEDED), // seen: Cinder's overLimit
            Map.entry(429, THROTTLED)); // a proxy in front, as many public clouds have one

    private record Sentence(Pattern pattern, FailureKind kind) {
        static Sentence of(String regex, FailureKind kind) {
            return new Sentence(Pattern.compile(regex, Pattern.CASE_INSENSITIVE), kind);
        }
    }

    /** Sentences that say more than the status they come with. The first that matches counts. */
    private static final List<Sentence> SENTENCES = List.of(
            Sentence.of("quota exceeded|exceeded for quota|quota has been met", QUOTA_EXCEEDED), // seen: 403
            Sentence.of("maximum number of (ports|volumes|fixed ips|floating ips)", QUOTA_EXCEEDED), // seen: 403, 413
            Sentence.of("VolumeLimitExceeded|VolumeSizeExceeds|exceeds allowed gigabytes", QUOTA_EXCEEDED), // seen: 413
            Sentence.of("no more ip addresses available", NO_CAPACITY), // IpAddressGenerationFailure, 409
            // seen: 400. It was there when the document was resolved, so no host of it is enabled any more
            Sentence.of("requested availability zone is not available", NO_CAPACITY),
            Sentence.of("multiple possible networks", INVALID_TEMPLATE)); // NetworkAmbiguous, 409

    /** Why a server that was accepted ended in ERROR: Nova's {@code fault}. */
    private static final List<Sentence> FAULTS = List.of(
            Sentence.of(
                    "quota exceeded|VolumeLimitExceeded|VolumeSizeExceeds|maximum number of", QUOTA_EXCEEDED), // seen
            Sentence.of("no valid host", NO_CAPACITY), // seen
            Sentence.of("exceeded maximum number of retries|exhausted all hosts", NO_CAPACITY), // seen
            Sentence.of("flavor'?s (disk|memory) is too small|image .* (not found|unacceptable)", INVALID_TEMPLATE),
            Sentence.of("invalid volume|invalid block device", INVALID_TEMPLATE));

    /** keystonemiddleware, in front of every service, when Keystone cannot be asked: nothing behind it was reached. Seen: 503. */
    private static final Pattern KEYSTONE_AWAY =
            Pattern.compile("the keystone service is temporarily unavailable", Pattern.CASE_INSENSITIVE);

    private NovaFailures() {}

    /** What became of a change. A 5xx says nothing: the service may have failed after it did it. */
    static FailureKind ofChange(NovaFailure failure) {
        return switch (failure.fate()) {
            case NOT_SENT -> UNAVAILABLE;
            case SILENT -> UNKNOWN;
            case GARBLED -> garbled(failure);
            case REFUSED -> refused(failure);
        };
    }

    /** In words of somebody in front of the service; these few certainly did not pass the call on. */
    private static FailureKind garbled(NovaFailure failure) {
        if (KEYSTONE_AWAY.matcher(failure.text()).find()) {
            return UNAVAILABLE;
        }
        return switch (failure.status()) {
            case 401 -> UNAUTHORIZED;
            case 429 -> THROTTLED;
            default -> UNKNOWN;
        };
    }

    private static FailureKind refused(NovaFailure failure) {
        if (failure.status() >= 500) {
            return UNKNOWN; // seen: computeFault after a part of the work was done
        }
        for (Sentence sentence : SENTENCES) {
            if (sentence.pattern().matcher(failure.text()).find()) {
                return sentence.kind();
            }
        }
        if (failure.status() == 413
                && failure.retryAfter().filter(wait -> !wait.isZero()).isPresent()) {
            return THROTTLED; // the rate limits of old: overLimit with a time to wait
        }
        return STATUSES.getOrDefault(failure.status(), UNKNOWN);
    }

    /** A read that failed changed nothing. That one thing does not exist is told by {@link NovaFailure#isAbsence}, nowhere else. */
    static FailureKind ofRead(NovaFailure failure) {
        FailureKind kind = ofChange(failure);
        return switch (kind) {
            case UNAUTHORIZED, THROTTLED -> kind;
            default -> UNAVAILABLE;
        };
    }

    static CloudException read(NovaFailure failure) {
        return new CloudException(ofRead(failure), failure.text(), failure.retryAfter());
    }

    static Outcome change(NovaFailure failure) {
        FailureKind kind = ofChange(failure);
        return kind == UNKNOWN
                ? new Outcome.Unknown(failure.text())
                : new Outcome.Refused(kind, failure.text(), failure.retryAfter());
    }

    /** A server in ERROR without a sentence we know is one that the cloud could not make: seen after a restart of nova-compute. */
    static FailureKind ofFault(String message) {
        for (Sentence sentence : FAULTS) {
            if (sentence.pattern().matcher(message).find()) {
                return sentence.kind();
            }
        }
        return UNAVAILABLE;
    }
}
