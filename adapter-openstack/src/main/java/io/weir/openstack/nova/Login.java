package io.weir.openstack.nova;

import io.weir.cloud.RequestMeter;
import io.weir.openstack.nova.NovaFailure.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.api.types.Facing;
import org.openstack4j.core.transport.Config;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.model.identity.v3.Endpoint;
import org.openstack4j.model.identity.v3.Token;
import org.openstack4j.openstack.identity.v3.domain.KeystoneAuth;
import org.openstack4j.openstack.identity.v3.domain.KeystoneAuth.AuthScope;
import org.openstack4j.openstack.internal.OSAuthenticator;

/**
 * The one login of a connection, shared by all of its threads.
 *
 * <ol>
 *   <li>A token is renewed ahead of its end, by the machine's own clock and the life that Keystone gave it: a clock that is off does
 *       no harm. If Keystone is away then, the old one serves for as long as it lives.
 *   <li>A token that a service refuses is renewed once by whoever comes first; the others find the new one.
 *   <li>The account is read anew for each login, so a changed secret is picked up.
 * </ol>
 */
final class Login {
    private static final Duration AHEAD = Duration.ofMinutes(1);
    private static final int SHARE_AHEAD = 5;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Supplier<Account> accounts;
    private final Wire wire;
    private final InstantSource clock;
    private final RequestMeter requests;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session held;

    /** What a login gave. */
    record Session(Token token, Account account, Instant renewAt, Instant end) {
        String tokenId() {
            return token.getId();
        }

        /** The address of a service in the account's region, as the catalog has it. */
        Optional<String> address(Service service) {
            Facing face = Facing.value(account.face());
            if (token.getCatalog() == null) {
                return Optional.empty();
            }
            return service.types().stream()
                    .flatMap(type -> token.getCatalog().stream()
                            .filter(entry -> type.equals(entry.getType()))
                            .flatMap(entry -> entry.getEndpoints().stream()))
                    .filter(endpoint -> endpoint.getIface() == face && isHere(endpoint))
                    .map(endpoint -> endpoint.getUrl().toString())
                    .findFirst();
        }

        private boolean isHere(Endpoint endpoint) {
            return account.region().equals(endpoint.getRegion())
                    || account.region().equals(endpoint.getRegionId());
        }
    }

    Login(Supplier<Account> accounts, Wire wire, InstantSource clock, RequestMeter requests, LongSupplier nanos) {
        this.accounts = accounts;
        this.wire = wire;
        this.clock = clock;
        this.requests = requests;
        this.nanos = nanos;
    }

    /** One that is good now, and for a while. */
    Session session(Deadline deadline) throws NovaFailure {
        lock.lock();
        try {
            Session now = held;
            if (now == null) {
                return login(deadline);
            }
            if (clock.instant().isBefore(now.renewAt())) {
                return now;
            }
            try {
                return login(deadline);
            } catch (NovaFailure away) {
                if (away.fate() != Fate.REFUSED && clock.instant().isBefore(now.end())) {
                    return now;
                }
                throw away;
            }
        } finally {
            lock.unlock();
        }
    }

    /** After a service refused this one. */
    Session renewed(Session refused, Deadline deadline) throws NovaFailure {
        lock.lock();
        try {
            Session now = held;
            return now != null && !now.tokenId().equals(refused.tokenId()) ? now : login(deadline);
        } finally {
            lock.unlock();
        }
    }

    private Session login(Deadline deadline) throws NovaFailure {
        Account account = accounts.get();
        Config config = wire.config(deadline);
        long began = nanos.getAsLong();
        String outcome = "201";
        try {
            Instant asked = clock.instant();
            OSClientV3 client =
                    (OSClientV3) OSAuthenticator.invoke(auth(account), url(account), Facing.PUBLIC, config, null);
            Token token = client.getToken();
            Duration life = token.getIssuedAt() == null
                    ? Duration.between(asked, token.getExpires().toInstant())
                    : Duration.between(
                            token.getIssuedAt().toInstant(), token.getExpires().toInstant());
            Session session = new Session(token, account, asked.plus(life).minus(ahead(life)), asked.plus(life));
            held = session;
            return session;
        } catch (ResponseException failed) {
            NovaFailure failure = Wire.failure(failed, "login");
            outcome = Wire.outcome(failure);
            throw notLoggedIn(failure);
        } finally {
            requests.requested("POST /auth/tokens", outcome, Duration.ofNanos(nanos.getAsLong() - began));
        }
    }

    /** What was to be called was not: whatever became of the login, nothing else is in doubt. */
    private static NovaFailure notLoggedIn(NovaFailure failure) {
        if (failure.status() == 429 || failure.status() == 413) {
            return failure;
        }
        return failure.fate() == Fate.REFUSED && failure.status() < 500
                ? new NovaFailure(Fate.REFUSED, 401, failure.code(), failure.text(), Optional.empty())
                : new NovaFailure(Fate.NOT_SENT, 0, "", failure.text(), failure.retryAfter());
    }

    private static Duration ahead(Duration life) {
        Duration share = life.dividedBy(SHARE_AHEAD);
        Duration ahead = share.compareTo(AHEAD) < 0 ? share : AHEAD;
        return ahead.compareTo(SHORTEST) < 0 ? SHORTEST : ahead;
    }

    private static String url(Account account) {
        String url = account.authUrl().replaceAll("/+$", "");
        return url.endsWith("/v3") ? url : url + "/v3";
    }

    private static KeystoneAuth auth(Account account) {
        return switch (account.proof()) {
            case Account.Password given -> {
                Account.Name user = given.user();
                yield user.id().isPresent()
                        ? new KeystoneAuth(user.id().get(), given.password(), null, scope(given.project()))
                        : new KeystoneAuth(
                                user.name().orElseThrow(), given.password(), domain(user), scope(given.project()));
            }
            case Account.ApplicationCredential given -> new ApplicationCredentialAuth(given);
            case Account.GivenToken given -> new KeystoneAuth(given.token(), scope(given.project()));
        };
    }

    private static AuthScope scope(Account.Name project) {
        return project.id().isPresent()
                ? AuthScope.project(Identifier.byId(project.id().get()))
                : AuthScope.project(Identifier.byName(project.name().orElseThrow()), domain(project));
    }

    private static Identifier domain(Account.Name name) {
        return name.domainId()
                .map(Identifier::byId)
                .orElseGet(() -> Identifier.byName(name.domainName().orElse("Default")));
    }

    static Map<String, Object> json(Account.Name user) {
        Map<String, Object> json = new LinkedHashMap<>();
        user.id().ifPresent(id -> json.put("id", id));
        user.name().ifPresent(name -> {
            json.put("name", name);
            json.put(
                    "domain",
                    user.domainId()
                            .map(id -> Map.of("id", id))
                            .orElseGet(() -> Map.of("name", user.domainName().orElse("Default"))));
        });
        return json;
    }
}
