package io.weir.app;

import io.weir.cloud.Check;
import io.weir.cloud.Cloud;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Supplies;
import io.weir.driver.Catalogs;
import io.weir.driver.Rates;
import io.weir.service.json.Fields;
import io.weir.service.json.Secret;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cloud that a module of its own would bring, here with machines in this process, and its main. */
final class Elsewhere implements Cloud {
    public static void main(String[] arguments) {
        Weir.serve(new Elsewhere(), arguments);
    }

    @Override
    public String name() {
        return "elsewhere";
    }

    @Override
    public String example() {
        return """
                cloud: elsewhere
                connections:
                  prod: {region: north, password: "env:ELSEWHERE_PASSWORD"}
                pools:
                  web: {max: 10}
                """;
    }

    @Override
    public void section(Fields section) {
        section.optionalString("shelf", 20);
    }

    @Override
    public ConnectionSettings connection(Fields connection, Path folder) {
        return new Settings(connection.requiredString("region", 20), connection.optionalSecret("password"));
    }

    record Settings(String region, @Nullable Secret password) implements ConnectionSettings {
        @Override
        public CloudConnection connect(Supplies supplies) {
            SimulatedCloud cloud = new SimulatedCloud(
                    supplies.clock(), 7, Dials.DEFAULT.turned(turn -> turn.privateNetwork = "127.8"));
            supplies.requests().requested("GET /machines", "200", Duration.ofMillis(3));
            return new CloudConnection(
                    new SimulatedDriver(cloud, region, supplies.clock(), SimulatedDriver.PROMISES),
                    Rates.UNLIMITED,
                    Catalogs.NONE,
                    () -> List.of(
                            Check.good("endpoint", region),
                            region.equals("south")
                                    ? Check.bad("credentials", "refused", "renew the password")
                                    : Check.good("credentials", "taken")));
        }
    }
}
