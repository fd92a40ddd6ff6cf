package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.aws.fake.Access.Role;
import io.weir.aws.fake.Identity.Session;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The Security Token Service: who am I, and roles to take on. */
final class Sts {
    static final String VERSION = "2011-06-15";
    static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final int SHORTEST = 900;
    private static final int LONGEST = 43_200;

    private final Identity identity;
    private final Supplier<Region> region;
    private final Supplier<String> requestIds;

    Sts(Identity identity, Supplier<Region> region, Supplier<String> requestIds) {
        this.identity = identity;
        this.region = region;
        this.requestIds = requestIds;
    }

    Answer answer(Query query, Door.Caller caller) throws Refusal {
        String action = query.action();
        Element result =
                switch (action) {
                    case "GetCallerIdentity" -> who(caller);
                    case "AssumeRole" -> assume(query, caller);
                    case "AssumeRoleWithWebIdentity" -> assumeWithWebIdentity(query);
                    case "DecodeAuthorizationMessage" -> decode(query, caller);
                    default -> throw Refusal.notInTheFake("the operation sts:" + action);
                };
        return Answer.xml(
                200,
                Element.of(
                        action + "Response",
                        Element.list(action + "Result", result.children()),
                        Element.of("ResponseMetadata", Element.text("RequestId", requestIds.get()))),
                NAMESPACE);
    }

    private Element who(Door.Caller caller) throws Refusal {
        caller.authenticate();
        return Element.of(
                "result",
                Element.text("Arn", caller.known().arn()),
                Element.text("UserId", caller.known().id()),
                Element.text("Account", region.get().account()));
    }

    private Element assume(Query query, Door.Caller caller) throws Refusal {
        caller.authenticate();
        String arn = query.need("RoleArn");
        caller.allow(new Action.Need("sts:AssumeRole", arn, Map.of()));
        Optional<Role> role = identity.access()
                .role(arn)
                .filter(known ->
                        known.externalId() == null || query.text("ExternalId").equals(Optional.of(known.externalId())));
        if (role.isEmpty()) {
            throw new Refusal(
                    403,
                    "AccessDenied",
                    "User: " + caller.known().arn() + " is not authorized to perform: sts:AssumeRole on resource: "
                            + arn);
        }
        return session(role.get(), query);
    }

    private Element assumeWithWebIdentity(Query query) throws Refusal {
        String arn = query.need("RoleArn");
        String token = query.need("WebIdentityToken");
        Optional<Role> role = identity.access().role(arn);
        if (role.isEmpty()) {
            throw new Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
        }
        if (!role.get().webIdentities().contains(token)) {
            throw new Refusal(400, "InvalidIdentityToken", "The token is not one of the provider's");
        }
        Element session = session(role.get(), query);
        return Element.of(
                "result",
                session.children().get(0),
                session.children().get(1),
                Element.text("SubjectFromWebIdentityToken", "pod"),
                Element.text("Audience", "sts.amazonaws.com"),
                Element.text("Provider", "fake"));
    }

    private Element session(Role role, Query query) throws Refusal {
        int seconds = query.number("DurationSeconds").orElse(3600);
        if (seconds < SHORTEST || seconds > LONGEST) {
            throw Refusal.client(
                    "ValidationError", "1 validation error detected: Value '" + seconds + "' at 'durationSeconds'");
        }
        Session session = identity.open(role, query.need("RoleSessionName"), Duration.ofSeconds(seconds));
        return Element.of(
                "result",
                Element.of(
                        "Credentials",
                        Element.text("AccessKeyId", session.key()),
                        Element.text("SecretAccessKey", session.secret()),
                        Element.text("SessionToken", session.token()),
                        Element.text("Expiration", session.expires())),
                Element.of(
                        "AssumedRoleUser",
                        Element.text("AssumedRoleId", session.principal().id()),
                        Element.text("Arn", session.principal().arn())));
    }

    private static Element decode(Query query, Door.Caller caller) throws Refusal {
        caller.authenticate();
        caller.allow(new Action.Need("sts:DecodeAuthorizationMessage", "*", Map.of()));
        try {
            String message = new String(Base64.getUrlDecoder().decode(query.need("EncodedMessage")), UTF_8);
            return Element.list("result", List.of(Element.text("DecodedMessage", message)));
        } catch (IllegalArgumentException notOurs) {
            throw Refusal.client("InvalidAuthorizationMessageException", "The message is not valid");
        }
    }
}
