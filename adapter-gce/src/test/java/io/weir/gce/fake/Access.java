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

    static final String TOKEN = "weirs-token";

    /** Whoever comes with Weir's token or without any may do everything. */
    static final Access OPEN = of(new Caller(WEIR, Optional.empty()));

    /** @param permissions empty: all there are */
    record Caller(String name, Optional<Set<String>> permissions) {
        boolean may(String permission) {
            return permissions.isEmpty() || permissions.get().contains(permission);
        }
    }

    /** Weir may do this and no more. */
    static Access only(Set<String> permissions) {
        return of(new Caller(WEIR, Optional.of(permissions)));
    }

    private static Access of(Caller weir) {
        return new Access(Map.of(TOKEN, weir), Optional.of(weir));
    }

    /** @param authorization the header; null: there is none */
    Caller caller(@Nullable String authorization) throws Refusal {
        Optional<Caller> found = authorization == null
                ? anyone
                : Optional.ofNullable(byToken.get(authorization.replaceFirst("^Bearer ", "")));
        return found.orElseThrow(Refusal::unauthenticated);
    }
}
