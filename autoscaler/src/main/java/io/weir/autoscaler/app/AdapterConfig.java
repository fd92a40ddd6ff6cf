package io.weir.autoscaler.app;

import io.weir.api.client.Patience;
import io.weir.certs.TlsSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a pool is.
 *
 * @param url the adapter's; null for the one that runs in the home
 * @param path the pool's base below it, empty or beginning with a slash
 */
record AdapterConfig(@Nullable URI url, String path, TlsSettings tls, Patience patience) {
    /** For people. */
    String address() {
        return url == null
                ? "the home's adapter, " + (path.isEmpty() ? "/" : path)
                : base(url).toString();
    }

    URI base(URI adapter) {
        String text = adapter.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }
}
