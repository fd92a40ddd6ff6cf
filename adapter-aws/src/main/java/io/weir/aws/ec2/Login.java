package io.weir.aws.ec2;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a connection goes, and as whom.
 *
 * @param region absent: {@code AWS_REGION}, else the profile's
 * @param role a role to take on, from the credentials
 * @param endpoints other addresses than the region's own
 * @param ca a PEM file with the authorities that are trusted instead of the JDK's
 * @param connect how long a connection may take
 * @param answer how long a call may take as a whole
 */
public record Login(
        Optional<String> region,
        Credentials credentials,
        Optional<Role> role,
        Endpoints endpoints,
        Optional<Path> ca,
        Duration connect,
        Duration answer) {

    public Login answeredWithin(Duration bound) {
        return new Login(region, credentials, role, endpoints, ca, connect, bound);
    }

    public sealed interface Credentials {
        /** As every tool of AWS looks for them: environment, profile, web identity, container, instance. */
        record Usual() implements Credentials {}

        record Profile(String name) implements Credentials {}

        /** @param secret asked for each time that a request is signed, so that a renewed one is picked up */
        record Keys(String id, Supplier<String> secret, Optional<Supplier<String>> session) implements Credentials {
            @Override
            public String toString() {
                return "Keys[id=" + id + "]";
            }
        }

        /** @param token a file that somebody renews, as Kubernetes does */
        record WebIdentity(String role, Path token, String session) implements Credentials {}
    }

    /** @param externalId what the role's owner asked to be told; not a secret, and not shown either */
    public record Role(String arn, Optional<String> externalId, String session, Duration lasts) {
        @Override
        public String toString() {
            return "Role[arn=" + arn + ", session=" + session + "]";
        }
    }

    public record Endpoints(Optional<URI> ec2, Optional<URI> ssm, Optional<URI> sts) {
        public static final Endpoints USUAL = new Endpoints(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
