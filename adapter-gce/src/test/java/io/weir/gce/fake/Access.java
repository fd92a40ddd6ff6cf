package io.weir.gce.fake;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Tokens are known as they are: where they come from is Google's sign-in, which is not pretended here.
 *
 * @param anyone who calls without a token; empty: nobody may
 */
record Access(Map<String, Caller> byToken, Optional<Caller> anyone) {
    static final String WEIR = "weir@weir-example.iam.gserviceaccount.com";

    /** Whoever comes without a token may do everything. */
    static final Access OPEN = new Access(Map.of(), Optional.of(new Caller(WEIR, Optional.empty())));

    /** @param permissions empty: all there are */
    record Caller(String name, Optional<Set<String>> permissions) {
        boolean may(String permission) {
            return permissions.isEmpty() || permissions.get().contains(permission);
        }
    }

    /** Whoever comes without a token may do this and no more. */
    static Access only(Set<String> permissions) {
        return new Access(Map.of(), Optional.of(new Caller(WEIR, Optional.of(permissions))));
    }

    /** @param authorization the header; null: there is none */
    Caller caller(@Nullable String authorization) throws Refusal {
        Optional<Caller> found = authorization == null
                ? anyone
                : Optional.ofNullable(byToken.get(authorization.replaceFirst("^Bearer ", "")));
        return found.orElseThrow(Refusal::unauthenticated);
    }
}
