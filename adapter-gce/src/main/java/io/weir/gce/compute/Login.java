package io.weir.gce.compute;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a connection goes, and as whom.
 *
 * @param quotaProject the project that requests are counted against; absent: the credentials' own
 * @param impersonated a service account to speak as, from the credentials
 * @param ca a PEM file with the authorities that are trusted instead of the JDK's
 * @param answer how long a call may take as a whole
 */
public record Login(
        String project,
        String region,
        Optional<String> quotaProject,
        Credentials credentials,
        Optional<Impersonated> impersonated,
        Endpoints endpoints,
        Optional<Path> ca,
        Duration answer) {

    public Login answeredWithin(Duration bound) {
        return new Login(project, region, quotaProject, credentials, impersonated, endpoints, ca, bound);
    }

    public sealed interface Credentials {
        /** The application default ones: {@code GOOGLE_APPLICATION_CREDENTIALS}, gcloud's own, the metadata server. */
        record Usual() implements Credentials {}

        /** A service account's key, or a configuration of workload identity federation. */
        record KeyFile(Path file) implements Credentials {}

        /** The account of the machine, or of the pod with workload identity, that Weir runs on. */
        record MetadataServer() implements Credentials {}

        /** @param token asked for at each request, so that one that somebody renews is picked up */
        record Token(Supplier<String> token) implements Credentials {
            @Override
            public String toString() {
                return "Token[]";
            }
        }
    }

    /** @param delegates the chain from the credentials to the account, each allowed to make tokens for the next */
    public record Impersonated(String account, List<String> delegates, Duration lasts) {
        public Impersonated {
            delegates = List.copyOf(delegates);
        }
    }

    /** Other addresses than Google's. @param iam where tokens of an impersonated account come from */
    public record Endpoints(Optional<URI> compute, Optional<URI> iam) {
        public static final Endpoints USUAL = new Endpoints(Optional.empty(), Optional.empty());
    }
}
