package io.weir.aws.fake;

import io.weir.aws.fake.Action.Need;
import io.weir.aws.fake.Identity.NotAuthenticated;
import io.weir.aws.fake.Identity.Principal;
import io.weir.aws.fake.Identity.Problem;
import io.weir.simulated.CloudJson;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one address of three services: EC2 and STS by the query protocol, SSM by JSON. Who calls is found out here, and what he may do; each
 * service says no in its own words. Every call is noted, and shown to whoever watches before it is carried out and after.
 */
final class Door {
    static final String EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/";

    /** Sees each call; whoever watches may end the caller at either moment. */
    interface Watch {
        Watch NONE = new Watch() {};

        /**
         * It has arrived, and nothing has come of it yet.
         *
         * @throws Silence nothing shall come of it
         */
        default void arrived(int number, String action) throws Silence {}

        /** It was carried out, refused or lost, and no answer has gone out yet. */
        default void carriedOut(int number, String action) {}
    }

    private final Ec2Cloud ec2;
    private final Identity identity;
    private final Sts sts;
    private final Ssm ssm;
    private final InstantSource clock;
    private final Supplier<String> requestIds;
    private final Calls calls = new Calls();
    private volatile Watch watch = Watch.NONE;
    private int number;

    Door(Ec2Cloud ec2, Identity identity, InstantSource clock, Supplier<String> requestIds) {
        this.ec2 = ec2;
        this.identity = identity;
        this.sts = new Sts(identity, ec2::region, requestIds);
        this.ssm = new Ssm(ec2::region);
        this.clock = clock;
        this.requestIds = requestIds;
    }

    Calls calls() {
        return calls;
    }

    void watch(Watch newWatch) {
        watch = newWatch;
    }

    private enum Service {
        EC2("ec2"),
        STS("sts"),
        SSM("ssm");

        final String word;

        Service(String word) {
            this.word = word;
        }
    }

    Answer answer(SignedRequest request) throws Silence {
        String body = request.body();
        Optional<String> target = Optional.ofNullable(request.headers().get("x-amz-target"));
        Query query = target.isPresent() ? new Query(Map.of()) : Query.parse(body);
        Service service =
                target.isPresent() ? Service.SSM : query.version().equals(Sts.VERSION) ? Service.STS : Service.EC2;
        String action = service.word + ":"
                + target.map(name -> name.replace("AmazonSSM.", "")).orElse(query.action());
        int mine = next();
        Caller caller = new Caller(service, request);
        String outcome = "200";
        try {
            watch.arrived(mine, action);
            return switch (service) {
                case EC2 -> Answer.xml(200, ec2.call(query, caller), EC2);
                case STS -> sts.answer(query, caller);
                case SSM -> ssm.answer(action, body, caller);
            };
        } catch (Refusal refusal) {
            outcome = refusal.code;
            return refused(service, refusal);
        } catch (Silence silence) {
            outcome = String.valueOf(silence.getMessage());
            throw silence;
        } finally {
            calls.add(new Calls.Call(mine, clock.instant(), action, caller.name(), outcome, List.copyOf(caller.needs)));
            watch.carriedOut(mine, action);
        }
    }

    private synchronized int next() {
        return ++number;
    }

    private Answer refused(Service service, Refusal refusal) {
        return switch (service) {
            case EC2 ->
                Answer.xml(
                        refusal.status,
                        Element.of(
                                "Response",
                                Element.of(
                                        "Errors",
                                        Element.of(
                                                "Error",
                                                Element.text("Code", refusal.code),
                                                Element.text("Message", refusal.text()))),
                                Element.text("RequestID", requestIds.get())));
            case STS ->
                Answer.xml(
                        refusal.status,
                        Element.of(
                                "ErrorResponse",
                                Element.of(
                                        "Error",
                                        Element.text("Type", "Sender"),
                                        Element.text("Code", refusal.code),
                                        Element.text("Message", refusal.text())),
                                Element.text("RequestId", requestIds.get())),
                        Sts.NAMESPACE);
            case SSM ->
                Answer.json(refusal.status, Answer.AWS_JSON, Map.of("__type", refusal.code, "message", refusal.text()));
        };
    }

    /** The one who sent a request. */
    final class Caller implements Ec2Cloud.Caller {
        private final Service service;
        private final SignedRequest request;
        private final List<Need> needs = new ArrayList<>();
        private Optional<Principal> principal = Optional.empty();

        private Caller(Service service, SignedRequest request) {
            this.service = service;
            this.request = request;
        }

        String name() {
            return principal.map(Principal::arn).orElse("nobody");
        }

        Principal known() {
            return principal.orElseThrow();
        }

        @Override
        public void authenticate() throws Refusal {
            try {
                Principal found = identity.authenticate(request);
                if (service != Service.STS
                        && !request.region().equals(Optional.of(ec2.region().name()))) {
                    throw new NotAuthenticated(Problem.WRONG_SIGNATURE);
                }
                principal = Optional.of(found);
            } catch (NotAuthenticated failure) {
                throw refusal(failure.problem);
            }
        }

        private Refusal refusal(Problem problem) {
            String skew = "Signature not yet current or expired: " + request.date() + ", now it is " + identity.now();
            return switch (service) {
                case EC2 ->
                    switch (problem) {
                        case MISSING, UNKNOWN_KEY, WRONG_SIGNATURE ->
                            new Refusal(
                                    401, "AuthFailure", "AWS was not able to validate the provided access credentials");
                        case EXPIRED, SKEWED -> Refusal.client("RequestExpired", "Request has expired.");
                    };
                case STS ->
                    switch (problem) {
                        case MISSING ->
                            new Refusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
                        case UNKNOWN_KEY ->
                            new Refusal(
                                    403,
                                    "InvalidClientTokenId",
                                    "The security token included in the request is invalid.");
                        case WRONG_SIGNATURE ->
                            new Refusal(
                                    403,
                                    "SignatureDoesNotMatch",
                                    "The request signature we calculated does not match the signature you provided.");
                        case EXPIRED ->
                            new Refusal(403, "ExpiredToken", "The security token included in the request is expired");
                        case SKEWED -> new Refusal(403, "SignatureDoesNotMatch", skew);
                    };
                case SSM ->
                    switch (problem) {
                        case MISSING, UNKNOWN_KEY ->
                            Refusal.client(
                                    "UnrecognizedClientException",
                                    "The security token included in the request is invalid.");
                        case WRONG_SIGNATURE ->
                            Refusal.client(
                                    "InvalidSignatureException",
                                    "The request signature we calculated does not match the signature you provided.");
                        case EXPIRED ->
                            Refusal.client(
                                    "ExpiredTokenException", "The security token included in the request is expired");
                        case SKEWED -> Refusal.client("InvalidSignatureException", skew);
                    };
            };
        }

        @Override
        public void allow(Need need) throws Refusal {
            needs.add(need);
            Principal who = known();
            boolean denied = ec2.dials().denied().contains(need.action());
            Policy.Verdict verdict = denied
                    ? Policy.Verdict.DENIED
                    : who.policy().map(policy -> policy.of(need)).orElse(Policy.Verdict.ALLOWED);
            if (verdict != Policy.Verdict.ALLOWED) {
                throw notAllowed(who, need, verdict);
            }
        }

        private Refusal notAllowed(Principal who, Need need, Policy.Verdict verdict) {
            String why = verdict == Policy.Verdict.DENIED
                    ? "with an explicit deny in an identity-based policy"
                    : "because no identity-based policy allows the " + need.action() + " action";
            String text = "User: " + who.arn() + " is not authorized to perform: " + need.action() + " on resource: "
                    + need.resource() + " " + why;
            return switch (service) {
                case EC2 ->
                    new Refusal(
                            403,
                            "UnauthorizedOperation",
                            "You are not authorized to perform this operation. " + text
                                    + ". Encoded authorization failure message: " + encoded(who, need, verdict));
                case STS -> new Refusal(403, "AccessDenied", text);
                case SSM -> Refusal.client("AccessDeniedException", text);
            };
        }
    }

    /** What DecodeAuthorizationMessage makes readable again. */
    private static String encoded(Principal who, Need need, Policy.Verdict verdict) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("allowed", false);
        message.put("explicitDeny", verdict == Policy.Verdict.DENIED);
        message.put(
                "context",
                Map.of(
                        "principal",
                        Map.of("id", who.id(), "arn", who.arn()),
                        "action",
                        need.action(),
                        "resource",
                        need.resource(),
                        "conditions",
                        need.facts()));
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(CloudJson.STRICT.writeValueAsBytes(message));
        } catch (com.fasterxml.jackson.core.JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }
}
