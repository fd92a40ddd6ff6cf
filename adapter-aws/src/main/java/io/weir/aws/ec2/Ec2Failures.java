package io.weir.aws.ec2;

import static io.weir.pool.FailureKind.CONFLICT;
import static io.weir.pool.FailureKind.INVALID_TEMPLATE;
import static io.weir.pool.FailureKind.NOT_FOUND;
import static io.weir.pool.FailureKind.NO_CAPACITY;
import static io.weir.pool.FailureKind.QUOTA_EXCEEDED;
import static io.weir.pool.FailureKind.THROTTLED;
import static io.weir.pool.FailureKind.UNAUTHORIZED;
import static io.weir.pool.FailureKind.UNAVAILABLE;
import static java.util.Map.entry;

import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What goes wrong with a call → what it means for a pool. Source: EC2 API Reference, "Error codes"; which of them were seen, and
 * where, is in {@code docs/clouds/aws.md}.
 *
 * <ol>
 *   <li>An error code of EC2 means what the table says, else what its family says, else nobody knows: it may have happened.
 *   <li>An error of STS is one of the login: the call itself was never made.
 *   <li>Without an answer a call may have happened, unless there certainly was no connection or there were no credentials.
 *   <li>A read that nobody knows of changed nothing: EC2 is not available.
 *   <li>A signature that is refused while the clocks differ is a matter of the clock and not of the credentials, and says so.
 *   <li>No text shows a signature, a token, or what was signed.
 * </ol>
 */
final class Ec2Failures {
    /** Java's own HTTP client reads no body of a 401, so EC2's AuthFailure arrives without its code. */
    private static final String UNREADABLE_REFUSAL = "401";

    private static final int UNAUTHENTICATED = 401;

    private static final Map<String, FailureKind> KINDS = Map.ofEntries(
            entry(UNREADABLE_REFUSAL, UNAUTHORIZED),
            entry("InsufficientInstanceCapacity", NO_CAPACITY),
            entry("InsufficientCapacity", NO_CAPACITY),
            entry("InsufficientHostCapacity", NO_CAPACITY),
            entry("InsufficientReservedInstanceCapacity", NO_CAPACITY),
            entry("InsufficientCapacityOnHost", NO_CAPACITY),
            entry("InsufficientVolumeCapacity", NO_CAPACITY),
            entry("InsufficientAddressCapacity", NO_CAPACITY),
            entry("InsufficientFreeAddressesInSubnet", NO_CAPACITY),
            entry("SpotMaxPriceTooLow", NO_CAPACITY),
            // The type is not offered in the zone, or not on this market there: another choice may help.
            entry("Unsupported", NO_CAPACITY),
            entry("UnsupportedOperation", INVALID_TEMPLATE),
            entry("VcpuLimitExceeded", QUOTA_EXCEEDED),
            entry("InstanceLimitExceeded", QUOTA_EXCEEDED),
            entry("MaxSpotInstanceCountExceeded", QUOTA_EXCEEDED),
            entry("MaxSpotFleetRequestCountExceeded", QUOTA_EXCEEDED),
            entry("MaxIOPSLimitExceeded", QUOTA_EXCEEDED),
            entry("PrivateIpAddressLimitExceeded", QUOTA_EXCEEDED),
            entry("ResourceCountExceeded", QUOTA_EXCEEDED),
            entry("TagLimitExceeded", CONFLICT),
            // An account that AWS still looks at: it may launch after a while, here or anywhere.
            entry("PendingVerification", QUOTA_EXCEEDED),
            entry("RequestLimitExceeded", THROTTLED),
            entry("RequestThrottled", THROTTLED),
            entry("RequestThrottledException", THROTTLED),
            entry("Throttling", THROTTLED),
            entry("ThrottlingException", THROTTLED),
            entry("ThrottledException", THROTTLED),
            entry("TooManyRequestsException", THROTTLED),
            entry("SlowDown", THROTTLED),
            entry("UnauthorizedOperation", UNAUTHORIZED),
            entry("AuthFailure", UNAUTHORIZED),
            entry("AccessDenied", UNAUTHORIZED),
            entry("AccessDeniedException", UNAUTHORIZED),
            entry("Blocked", UNAUTHORIZED),
            entry("OptInRequired", UNAUTHORIZED),
            entry("ExpiredToken", UNAUTHORIZED),
            entry("ExpiredTokenException", UNAUTHORIZED),
            entry("RequestExpired", UNAUTHORIZED),
            entry("IncompleteSignature", UNAUTHORIZED),
            entry("InvalidClientTokenId", UNAUTHORIZED),
            entry("InvalidSecurityToken", UNAUTHORIZED),
            entry("InvalidSignatureException", UNAUTHORIZED),
            entry("InvalidIdentityToken", UNAUTHORIZED),
            entry("IDPRejectedClaim", UNAUTHORIZED),
            entry("MissingAuthenticationToken", UNAUTHORIZED),
            entry("NotAuthorized", UNAUTHORIZED),
            entry("RequestTimeTooSkewed", UNAUTHORIZED),
            entry("SignatureDoesNotMatch", UNAUTHORIZED),
            entry("UnrecognizedClientException", UNAUTHORIZED),
            entry("InvalidInstanceID.NotFound", NOT_FOUND),
            entry("InvalidInstanceID.Malformed", NOT_FOUND),
            entry("OperationNotPermitted", CONFLICT),
            entry("IncorrectInstanceState", CONFLICT),
            // The token is known with other parameters: this call launches nothing, whatever an earlier one did.
            entry("IdempotentParameterMismatch", INVALID_TEMPLATE),
            // It was launched by an earlier call and has ended since: nothing is launched, and the template is not to
            // blame.
            entry("IdempotentInstanceTerminated", CONFLICT),
            entry("InvalidClientToken", INVALID_TEMPLATE),
            entry("MissingParameter", INVALID_TEMPLATE),
            entry("UnknownParameter", INVALID_TEMPLATE),
            entry("ValidationError", INVALID_TEMPLATE),
            entry("VPCIdNotSpecified", INVALID_TEMPLATE),
            entry("DefaultVpcDoesNotExist", INVALID_TEMPLATE),
            entry("NoSuchEntity", INVALID_TEMPLATE),
            entry("ParameterNotFound", INVALID_TEMPLATE));

    /** The reasons of a terminated instance that say that it never came to run. Source: EC2 API Reference, "StateReason". */
    private static final Map<String, FailureKind> LAUNCH_REASONS = Map.of(
            "Server.InsufficientInstanceCapacity", NO_CAPACITY,
            "Server.InternalError", UNAVAILABLE,
            "Client.InternalError", INVALID_TEMPLATE,
            "Client.InvalidSnapshot.NotFound", INVALID_TEMPLATE,
            "Client.VolumeLimitExceeded", QUOTA_EXCEEDED);

    /** Codes that a wrong clock causes too: a signature is only good for five minutes around its time. */
    private static final Set<String> CLOCK_CODES = Set.of(
            UNREADABLE_REFUSAL,
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "AuthFailure",
            "IncompleteSignature");

    private record Field(String word, String name) {}

    /** A word of an error → the field that it is about; the first that fits. */
    private static final List<Field> FIELDS = List.of(
            new Field("invalidami", "image"),
            new Field("keypair", "sshKey"),
            new Field("iaminstanceprofile", "aws.instanceProfile"),
            new Field("iam instance profile", "aws.instanceProfile"),
            new Field("nosuchentity", "aws.instanceProfile"),
            new Field("placementgroup", "aws.placementGroup"),
            new Field("placement group", "aws.placementGroup"),
            new Field("tenancy", "aws.tenancy"),
            new Field("launchtemplate", "aws.launchTemplate"),
            new Field("launch template", "aws.launchTemplate"),
            new Field("blockdevice", "aws.dataVolumes"),
            new Field("snapshot", "aws.dataVolumes"),
            new Field("volume", "aws.rootVolume"),
            new Field("iops", "aws.rootVolume"),
            new Field("kms", "aws.rootVolume"),
            new Field("invalidsubnet", "aws.subnets"),
            new Field("subnet", "aws.subnets"),
            new Field("invalidgroup", "aws.securityGroups"),
            new Field("security group", "aws.securityGroups"),
            new Field("user data", "userData"),
            new Field("userdata", "userData"),
            new Field("tag", "labels"),
            new Field("spot", "aws.market"),
            new Field("instance type", "machineTypes"),
            new Field("instancetype", "machineTypes"));

    private static final Set<String> LOGINS = Set.of("sts", "sso", "ssooidc", "sso oidc");
    private static final Duration SKEW = Duration.ofMinutes(4);
    private static final Pattern ENCODED =
            Pattern.compile("[Ee]ncoded authorization failure message: *([A-Za-z0-9_+/=-]+)");
    private static final Pattern IDS = Pattern.compile("\\bi-[0-9a-f]+\\b");
    private static final int LONGEST = 2000;

    private Ec2Failures() {}

    static String code(SdkException failure) {
        if (failure instanceof AwsServiceException said && said.awsErrorDetails() != null) {
            String code = said.awsErrorDetails().errorCode();
            if (code == null || code.isEmpty()) {
                return said.statusCode() == UNAUTHENTICATED ? UNREADABLE_REFUSAL : "";
            }
            return code;
        }
        return "";
    }

    /** What a call that changes something came to. */
    static CloudException ofChange(SdkException failure, InstantSource wall) {
        FailureKind kind = kind(failure, wall);
        return new CloudException(kind, text(failure, wall), retryAfter(failure));
    }

    /** What a read came to: one that nobody knows of changed nothing. */
    static CloudException ofRead(SdkException failure, InstantSource wall) {
        FailureKind kind = kind(failure, wall);
        return new CloudException(
                kind == FailureKind.UNKNOWN ? UNAVAILABLE : kind, text(failure, wall), retryAfter(failure));
    }

    /** Why an instance ended that EC2 had accepted to launch; empty: it ended for another reason. */
    static Optional<FailureKind> ofLaunch(@Nullable String reason) {
        return reason == null ? Optional.empty() : Optional.ofNullable(LAUNCH_REASONS.get(reason));
    }

    /** The field of a document that a dry run found fault with; empty: the failure is none of the document's. */
    static Optional<String> field(SdkException failure) {
        String code = code(failure);
        if (!(failure instanceof AwsServiceException said) || INVALID_TEMPLATE != kindOf(said, code)) {
            return Optional.empty();
        }
        String text = (code + " " + message(failure)).toLowerCase(Locale.ROOT);
        return Optional.of(FIELDS.stream()
                .filter(field -> text.contains(field.word()))
                .findFirst()
                .map(Field::name)
                .orElse("aws"));
    }

    /** The instances that an error speaks of. */
    static List<String> instances(SdkException failure) {
        List<String> ids = new ArrayList<>();
        Matcher found = IDS.matcher(message(failure));
        while (found.find()) {
            ids.add(found.group());
        }
        return ids;
    }

    private static FailureKind kind(SdkException failure, InstantSource wall) {
        if (failure instanceof AwsServiceException said) {
            return kind(said, wall);
        }
        return neverLeft(failure) ? UNAVAILABLE : noLogin(failure) ? UNAUTHORIZED : FailureKind.UNKNOWN;
    }

    private static FailureKind kind(AwsServiceException said, InstantSource wall) {
        if (skew(said, wall).isPresent()) {
            return UNAVAILABLE;
        }
        FailureKind known = kindOf(said, code(said));
        if (isLogin(said) && (known == null || known == INVALID_TEMPLATE || known == NOT_FOUND)) {
            return said.statusCode() >= 500 ? UNAVAILABLE : UNAUTHORIZED; // the call itself was never made
        }
        return known == null ? FailureKind.UNKNOWN : known;
    }

    private static @Nullable FailureKind kindOf(AwsServiceException said, String code) {
        FailureKind known = KINDS.get(code);
        return known == null ? family(code, said.statusCode()) : known;
    }

    /** EC2 names its refusals alike. They are answers to what was asked (4xx): a 5xx tells of the server and of nothing else. */
    private static @Nullable FailureKind family(String code, int status) {
        if (status >= 500 || code.isEmpty()) {
            return null;
        }
        if (code.endsWith("LimitExceeded") || code.endsWith(".LimitExceeded")) {
            return QUOTA_EXCEEDED;
        }
        if (code.startsWith("Insufficient")) {
            return NO_CAPACITY;
        }
        if (code.startsWith("Invalid") || code.startsWith("Unsupported") || code.startsWith("Missing")) {
            return INVALID_TEMPLATE;
        }
        return null;
    }

    private static boolean isLogin(AwsServiceException said) {
        AwsErrorDetails details = said.awsErrorDetails();
        String service = details == null ? null : details.serviceName();
        return service != null && LOGINS.contains(service.toLowerCase(Locale.ROOT));
    }

    /** No connection: the request cannot have arrived. A handshake that failed has sent nothing either. */
    private static boolean neverLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException
                    || (cause instanceof java.net.SocketTimeoutException
                            && String.valueOf(cause.getMessage())
                                    .toLowerCase(Locale.ROOT)
                                    .contains("connect timed out"))) {
                return true;
            }
        }
        return false;
    }

    /** The SDK found no credentials to sign with. It says so in words alone. */
    private static boolean noLogin(SdkException failure) {
        String text = message(failure);
        return failure instanceof SdkClientException
                && (text.contains("Unable to load credentials")
                        || text.contains("credentials from any of the providers")
                        || text.contains("Profile file contained no credentials")
                        || text.contains("Failed to refresh credentials"));
    }

    /** How far the clocks are apart, if that is why the signature was refused. */
    private static Optional<Duration> skew(AwsServiceException said, InstantSource wall) {
        if (!CLOCK_CODES.contains(code(said)) || said.awsErrorDetails().sdkHttpResponse() == null) {
            return Optional.empty();
        }
        return said.awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("Date")
                .flatMap(Ec2Failures::date)
                .map(theirs -> Duration.between(theirs, wall.instant()))
                .filter(apart -> apart.abs().compareTo(SKEW) > 0);
    }

    static Optional<Instant> date(String header) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from));
        } catch (DateTimeParseException no) {
            return Optional.empty();
        }
    }

    private static String text(SdkException failure, InstantSource wall) {
        if (!(failure instanceof AwsServiceException said)) {
            return cut(message(failure));
        }
        Optional<Duration> apart = skew(said, wall);
        if (apart.isPresent()) {
            return code(said) + ": this machine's clock is "
                    + apart.get().abs().toSeconds() + " s "
                    + (apart.get().isNegative() ? "behind" : "ahead of") + " AWS's; set it right (NTP)";
        }
        String service = isLogin(said) ? said.awsErrorDetails().serviceName() + " " : "";
        if (code(said).equals(UNREADABLE_REFUSAL)) {
            return service + "HTTP 401: the credentials are not accepted (AuthFailure)";
        }
        String code = code(said).isEmpty() ? "HTTP " + said.statusCode() : code(said);
        return service + code + ": " + words(said);
    }

    /** What EC2 says, without what nobody should read. */
    static String words(SdkException said) {
        String message = message(said);
        Matcher encoded = ENCODED.matcher(message);
        if (encoded.find()) {
            return message.substring(0, encoded.start()).strip()
                    + " Read why with: aws sts decode-authorization-message --encoded-message " + encoded.group(1);
        }
        // Some services repeat all that was signed behind the first sentence, session token included.
        if (code(said).contains("Signature")) {
            int end = message.indexOf('.');
            return end < 0 ? "the signature is not accepted" : message.substring(0, end + 1);
        }
        return cut(message);
    }

    private static String message(SdkException failure) {
        String message = failure instanceof AwsServiceException said && said.awsErrorDetails() != null
                ? said.awsErrorDetails().errorMessage()
                : failure.getMessage();
        return message == null ? "" : message.strip();
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static Optional<Duration> retryAfter(SdkException failure) {
        if (!(failure instanceof AwsServiceException said)
                || said.awsErrorDetails() == null
                || said.awsErrorDetails().sdkHttpResponse() == null) {
            return Optional.empty();
        }
        return said.awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }
}
