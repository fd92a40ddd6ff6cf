package io.weir.app;

import io.weir.cloud.Cloud;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Supplies;
import io.weir.driver.Rates;
import io.weir.service.json.Fields;
import io.weir.simulated.CatalogMemory;
import io.weir.simulated.HttpSimulatedApi;
import io.weir.simulated.SimulatedDriver;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The simulated cloud as a cloud. A connection leads to the one beside the adapter, or with a {@code url} to any other process of
 * {@code weir cloud simulated}.
 */
final class Simulated implements Cloud {
    private static final String NAME = "simulated";
    private static final String REGION = "local";
    private static final int LONGEST = 255;

    private final HttpClient http;
    private final Supplier<URI> beside;
    private boolean besideUsed;

    /** @param beside where the cloud beside the adapter answers now */
    Simulated(HttpClient http, Supplier<URI> beside) {
        this.http = http;
        this.beside = beside;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String example() {
        return """
                cloud: simulated
                connections:
                  east: {region: east}                               # the cloud beside the adapter
                  west: {region: west, url: "http://127.0.0.1:8480"} # one that runs already
                pools:
                  web: {connection: east, max: 10}
                """;
    }

    @Override
    public void section(Fields section) {
        section.optionalString("market", LONGEST);
        section.optionalString("region", LONGEST);
    }

    @Override
    public ConnectionSettings connection(Fields connection, Path folder) {
        Optional<URI> url = url(connection, connection.optionalString("url", 4096));
        String region = connection.optionalString("region", LONGEST, REGION);
        besideUsed |= url.isEmpty();
        return new Settings(region, url);
    }

    private static Optional<URI> url(Fields fields, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        if (text.matches("http://[a-zA-Z0-9.-]+(:[0-9]{1,5})?/?")) {
            return Optional.of(URI.create(text));
        }
        fields.problem("url", "must be the address of a simulated cloud, such as http://127.0.0.1:8480");
        return Optional.empty();
    }

    @Override
    public Optional<ConnectionSettings> usual() {
        return Optional.of(beside());
    }

    /** The cloud beside the adapter. */
    ConnectionSettings beside() {
        besideUsed = true;
        return new Settings(REGION, Optional.empty());
    }

    /** Whether any connection that was read leads there. */
    boolean isBesideUsed() {
        return besideUsed;
    }

    private final class Settings implements ConnectionSettings {
        private final String region;
        private final Optional<URI> url;

        Settings(String region, Optional<URI> url) {
            this.region = region;
            this.url = url;
        }

        @Override
        public CloudConnection connect(Supplies supplies) {
            CatalogMemory api = new CatalogMemory(
                    new HttpSimulatedApi(
                            http,
                            () -> url.orElseGet(beside),
                            supplies.callBound().multipliedBy(4).dividedBy(5)),
                    supplies.clock());
            return new CloudConnection(
                    new SimulatedDriver(api, region, supplies.clock(), SimulatedDriver.PROMISES),
                    Rates.UNLIMITED,
                    api,
                    List::of);
        }
    }
}
