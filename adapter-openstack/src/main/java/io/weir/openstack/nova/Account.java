package io.weir.openstack.nova;

import java.util.Optional;

/**
 * Who logs in, where, and to what.
 *
 * @param authUrl Keystone, with or without its {@code /v3}
 * @param region always set: without one a call to a service that the catalog lacks would go to Keystone itself
 * @param face which of a service's addresses are used: {@code public}, {@code internal} or {@code admin}
 */
public record Account(String authUrl, String region, String face, Proof proof) {

    /** What is shown to Keystone. The text of none of them has a secret in it. */
    public sealed interface Proof {}

    /** A name in a domain, which is itself a name or an id; or an id, which needs no domain. */
    public record Name(
            Optional<String> id, Optional<String> name, Optional<String> domainId, Optional<String> domainName) {}

    public record Password(Name user, String password, Name project) implements Proof {
        @Override
        public String toString() {
            return "Password[user=" + user + ", project=" + project + "]";
        }
    }

    /**
     * The project is the one that it was made in.
     *
     * @param user who made it, if the credential is told by its name
     */
    public record ApplicationCredential(Optional<String> id, Optional<String> name, Optional<Name> user, String secret)
            implements Proof {
        @Override
        public String toString() {
            return "ApplicationCredential[id=" + id + ", name=" + name + ", user=" + user + "]";
        }
    }

    /** A token that somebody else got. It cannot be renewed beyond its own life. */
    public record GivenToken(String token, Name project) implements Proof {
        @Override
        public String toString() {
            return "GivenToken[project=" + project + "]";
        }
    }
}
