package io.weir.gce.compute;

import static java.util.Map.entry;

import io.weir.cloud.Check;
import io.weir.cloud.RememberedAnswers;
import io.weir.cloud.RequestMeter;
import io.weir.cloud.SideBySide;
import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;
import io.weir.driver.Promises;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Bucket;
import io.weir.driver.Rates.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** The driver room's door: what a login comes to. Calls nothing yet. */
public final class Compute implements AutoCloseable {
    /**
     * What Compute Engine bears of a project: 1,500 requests a minute, of which these take at most 1,500 in any minute. A launch and an
     * end are one request for each machine, a mark two, a listing one for the machines and one for each zone of the region.
     */
    public static final Rates RATES = new Rates(Map.ofEntries(
            entry(Kind.LIST, new Bucket(0.5, 10)),
            entry(Kind.FIND, new Bucket(1, 30)),
            entry(Kind.LAUNCHED_MACHINES, new Bucket(9, 150)),
            entry(Kind.TERMINATED_MACHINES, new Bucket(4, 60)),
            entry(Kind.MARKED_MACHINES, new Bucket(1, 20))));

    /** Nothing is promised of listings; what was changed was seen to show at once. */
    public static final Duration LAG = Duration.ofSeconds(30);

    /** What the client gave up on may land for a while: it is not taken back. */
    public static final Duration LATENESS = Duration.ofMinutes(2);

    /** Calls at once of a connection, of all its pools together. */
    public static final int AT_ONCE = 32;

    /** Nobody says how long a request id is known. What is certain is the name, which holds for as long as the machine does. */
    private static final Duration TOKEN_MEMORY = Duration.ofMinutes(30);

    /** One request for each machine: so many are answered within the time that a call of the driver has. */
    private static final int BATCH_MAX = 25;

    /**
     * @param lag how far behind a listing may be
     * @param lateness how long after a time-out a call may still land
     * @param takeOver the machines of somebody else that become ours
     */
    public record Settings(Login login, Duration lag, Duration lateness, int atOnce, TakeOver takeOver) {
        /** As Compute Engine is. */
        public static Settings of(Login login) {
            return new Settings(login, LAG, LATENESS, AT_ONCE, TakeOver.NONE);
        }

        public Settings answeredWithin(Duration bound) {
            return new Settings(login.answeredWithin(bound), lag, lateness, atOnce, takeOver);
        }

        Promises promises() {
            return new Promises(lag, lateness, Optional.of(TOKEN_MEMORY), BATCH_MAX);
        }
    }

    private final SdkGceApi direct;
    private final RememberedAnswers catalogs;
    private final GceDriver driver;
    private final GceLeftovers leftovers;
    private final GcePreflight preflight;

    /**
     * @param clock the service's time
     * @param wall the machine's own
     * @param threads for calls side by side, and for the client's own waiting
     */
    public Compute(
            Settings settings, InstantSource clock, InstantSource wall, ExecutorService threads, RequestMeter meter) {
        Login login = settings.login();
        direct = new SdkGceApi(login, threads, meter, wall);
        catalogs = new RememberedAnswers(clock);
        driver = new GceDriver(
                new RememberingGceApi(direct, catalogs),
                settings.promises(),
                login.project(),
                new GceMachines(login.region(), settings.takeOver()),
                new SideBySide(threads, settings.atOnce()),
                clock);
        leftovers = new GceLeftovers(direct, login.project(), login.region(), clock);
        preflight = new GcePreflight(direct, login, wall);
    }

    public CloudDriver driver() {
        return driver;
    }

    public Catalogs catalogs() {
        return catalogs;
    }

    /** Disks that serve no machine any more. */
    public Leftovers leftovers() {
        return leftovers;
    }

    /** What {@code weir check} asks; changes nothing. */
    public List<Check> check() {
        return preflight.check();
    }

    @Override
    public void close() {
        direct.close();
    }
}
