package io.weir.autoscaler.app;

import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration may leave out because of where it is read.
 *
 * @param folder relative paths begin here
 * @param certs the certificates of the home; null without one
 * @param store where the store is, if nothing else is said; null without a home
 * @param scaledTime whether the clock runs faster than the real one
 */
record Surroundings(
        Path folder,
        @Nullable DevelopmentCerts certs,
        @Nullable Path store,
        boolean scaledTime) {

    boolean hasHome() {
        return certs != null;
    }

    @Nullable
    TlsSettings server() {
        return certs == null ? null : certs.server();
    }

    @Nullable
    TlsSettings client() {
        return certs == null ? null : certs.client(Role.AUTOSCALER);
    }
}
