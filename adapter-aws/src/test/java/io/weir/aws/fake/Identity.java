package io.weir.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.aws.fake.Access.Role;
import io.weir.aws.fake.Access.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who calls. A request is signed with a key that is known, by its secret, at about this time, and with the token of a session that has not
 * expired. Signatures and sessions go by the wall's clock: the SDK knows no other.
 */
final class Identity {
    private static final Duration TOLERANCE = Duration.ofMinutes(15);

    /** Each service has its own words for these. */
    enum Problem {
        MISSING,
        UNKNOWN_KEY,
        WRONG_SIGNATURE,
        EXPIRED,
        SKEWED
    }

    static final class NotAuthenticated extends Exception {
        private static final long serialVersionUID = 1;
        final Problem problem;

        NotAuthenticated(Problem problem) {
            super(problem.name(), null, false, false);
            this.problem = problem;
        }
    }

    /** @param policy null: everything is allowed */
    record Principal(String arn, String id, Optional<Policy> policy) {}

    /** @param token what has to come with each request of it */
    record Session(String key, String secret, String token, Instant expires, Principal principal) {}

    private final InstantSource wall;
    private final Supplier<Ec2Dials> dials;
    private final Supplier<String> random;
    private final Map<String, Session> sessions = new HashMap<>();
    private Access access;

    /** @param random words that were never said before */
    Identity(InstantSource wall, Access access, Supplier<Ec2Dials> dials, Supplier<String> random) {
        this.wall = wall;
        this.access = access;
        this.dials = dials;
        this.random = random;
    }

    synchronized void set(Access newAccess) {
        access = newAccess;
    }

    synchronized Access access() {
        return access;
    }

    /** AWS's own idea of what time it is. */
    Instant now() {
        return wall.instant().plusMillis(Ground.millis(dials.get().skewSeconds()));
    }

    synchronized Principal authenticate(SignedRequest request) throws NotAuthenticated {
        String key = request.key().orElseThrow(() -> new NotAuthenticated(Problem.MISSING));
        Optional<Session> session = Optional.ofNullable(sessions.get(key));
        Optional<User> user =
                access.users().stream().filter(one -> one.key().equals(key)).findFirst();
        if (dials.get().unauthorized() || (session.isEmpty() && user.isEmpty())) {
            throw new NotAuthenticated(Problem.UNKNOWN_KEY);
        }
        String secret = session.map(Session::secret)
                .orElseGet(() -> user.map(User::secret).orElse(""));
        Instant date = request.date().orElse(Instant.EPOCH);
        if (Duration.between(date, now()).abs().compareTo(TOLERANCE) > 0) {
            throw new NotAuthenticated(Problem.SKEWED);
        }
        if (!request.isSignedWith(secret)) {
            throw new NotAuthenticated(Problem.WRONG_SIGNATURE);
        }
        if (session.isPresent()) {
            if (!request.sessionToken().equals(Optional.of(session.get().token))) {
                throw new NotAuthenticated(Problem.UNKNOWN_KEY);
            }
            if (dials.get().expired() || !now().isBefore(session.get().expires)) {
                throw new NotAuthenticated(Problem.EXPIRED);
            }
            return session.get().principal;
        }
        User known = user.orElseThrow();
        return new Principal(known.arn(), "AIDA" + known.key().substring(4), policy(known.policy()));
    }

    private static Optional<Policy> policy(@Nullable JsonNode document) {
        return Optional.ofNullable(document).map(Policy::new);
    }

    /** Takes a role on. */
    synchronized Session open(Role role, String sessionName, Duration length) {
        String name = role.arn().substring(role.arn().lastIndexOf('/') + 1);
        Principal principal = new Principal(
                role.arn().replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/" + sessionName,
                "AROAFAKE" + name.toUpperCase(java.util.Locale.ROOT) + ":" + sessionName,
                policy(role.policy()));
        String word = random.get().replace("-", "").toUpperCase(java.util.Locale.ROOT);
        Session session = new Session(
                "ASIA" + word.substring(0, 16),
                "secret-" + random.get(),
                "token-" + random.get(),
                now().plus(length),
                principal);
        sessions.put(session.key, session);
        return session;
    }
}
