package io.weir.openstack.nova;

import io.weir.cloud.Check;
import io.weir.cloud.Elastisys;
import io.weir.cloud.RememberedAnswers;
import io.weir.cloud.RequestMeter;
import io.weir.cloud.SideBySide;
import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;
import io.weir.driver.Promises;
import io.weir.pool.PoolName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** One connection to one OpenStack, built complete; the first call logs in. */
public final class OpenstackConnection {
    private final CloudDriver driver;
    private final RememberedAnswers catalogs;
    private final Leftovers leftovers;
    private final OpenstackCheck check;

    /**
     * How a connection is set up.
     *
     * @param accounts read anew for each login
     * @param tls whom to trust; absent: whom the JVM trusts
     * @param addresses of services, in place of the catalog's, by {@code compute}, {@code network}, {@code image}, {@code volumev3}
     * @param elastisys pools to take over, by the names that elastisys knows them by
     * @param atOnce the most calls at once
     * @param connect how long a connection may take
     * @param bound how long the one who calls the driver waits
     */
    public record Settings(
            Supplier<Account> accounts,
            String region,
            Optional<SSLContext> tls,
            Map<String, String> addresses,
            Map<String, PoolName> elastisys,
            Promises promises,
            int atOnce,
            Duration connect,
            Duration bound) {}

    /** What a connection is handed. */
    public record Tools(
            InstantSource clock,
            InstantSource wall,
            LongSupplier nanos,
            ExecutorService threads,
            RequestMeter requests) {}

    public OpenstackConnection(Settings settings, Tools tools) {
        Wire wire = new Wire(settings.tls(), settings.connect(), settings.bound());
        Login login = new Login(settings.accounts(), wire, tools.wall(), tools.requests(), tools.nanos());
        OpenstackCalls calls = new OpenstackCalls(
                login,
                wire,
                settings.addresses(),
                tools.requests(),
                tools.nanos(),
                Deadline.in(settings.bound(), tools.nanos()));
        catalogs = new RememberedAnswers(tools.clock());
        Apis apis = new Apis(calls, catalogs);
        leftovers = new NovaLeftovers(() -> apis.nova(Deadline.in(settings.bound(), tools.nanos())));
        check = new OpenstackCheck(
                () -> calls.until(Deadline.in(settings.bound(), tools.nanos())), settings.addresses(), tools.wall());
        driver = new NovaDriver(
                apis,
                new Elastisys(settings.elastisys()),
                new SideBySide(tools.threads(), settings.atOnce()),
                tools.clock(),
                tools.nanos(),
                new NovaDriver.Settings(settings.region(), settings.promises(), settings.bound()));
    }

    private record Apis(OpenstackCalls calls, RememberedAnswers catalogs) implements OpenstackApis {
        @Override
        public NovaApi nova(Deadline deadline) {
            return new OpenstackNovaApi(calls.until(deadline));
        }

        @Override
        public CatalogApi catalog(Deadline deadline) {
            return new RememberedCatalog(new OpenstackCatalog(calls.until(deadline)), catalogs);
        }
    }

    public CloudDriver driver() {
        return driver;
    }

    public Catalogs catalogs() {
        return catalogs;
    }

    public Leftovers leftovers() {
        return leftovers;
    }

    /** What {@code weir check} asks. */
    public List<Check> check() {
        return check.lines();
    }
}
