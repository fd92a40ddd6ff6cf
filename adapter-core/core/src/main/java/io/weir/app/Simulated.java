package io.weir.app;

import io.weir.cloud.Cloud;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Supplies;
import io.weir.driver.Rates;
import io.weir.service.json.Fields;
import io.weir.service.run.RunFile;
import io.weir.simulated.CatalogMemory;
import io.weir.simulated.Dials;
import io.weir.simulated.HttpSimulatedApi;
import io.weir.simulated.SimulatedApi;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
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
    private final Function<Supplies, SimulatedApi> beside;
    private boolean besideUsed;

    /** @param beside the cloud beside the adapter */
    Simulated(HttpClient http, Function<Supplies, SimulatedApi> beside) {
        this.http = http;
        this.beside = beside;
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    /** For an adapter, which knows where the cloud beside it answers now. */
    static Simulated beside(HttpClient http, Supplier<URI> url) {
        return new Simulated(http, supplies -> api(http, url, supplies));
    }

    /** For a look from outside: the cloud beside a home's adapter if it runs, else one as a new one would be. */
    static Simulated around(Path home) {
        HttpClient http = client();
        return new Simulated(http, supplies -> {
            Optional<RunFile.Entry> living = new RunFile(home).read("cloud").filter(RunFile.Entry::isAlive);
            return living.isPresent()
                    ? api(http, () -> URI.create(living.get().url()), supplies)
                    : new SimulatedCloud(supplies.clock(), 1, Dials.DEFAULT);
        });
    }

    private static SimulatedApi api(HttpClient http, Supplier<URI> url, Supplies supplies) {
        return new HttpSimulatedApi(
                http, url, supplies.callBound().multipliedBy(4).dividedBy(5));
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
            SimulatedApi api =
                    url.map(there -> api(http, () -> there, supplies)).orElseGet(() -> beside.apply(supplies));
            CatalogMemory memory = new CatalogMemory(api, supplies.clock());
            return new CloudConnection(
                    new SimulatedDriver(memory, region, supplies.clock(), SimulatedDriver.PROMISES),
                    Rates.UNLIMITED,
                    memory,
                    new SimulatedPreflight(api, supplies.clock(), where(api)));
        }

        private String where(SimulatedApi api) {
            if (api instanceof SimulatedCloud) {
                return "the cloud beside the adapter, which is started with it";
            }
            return url.map(URI::toString).orElse("the cloud beside the adapter");
        }
    }
}
