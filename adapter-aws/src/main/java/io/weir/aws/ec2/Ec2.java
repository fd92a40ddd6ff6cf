package io.weir.aws.ec2;

import static java.util.Map.entry;

import io.weir.cloud.Check;
import io.weir.cloud.Elastisys;
import io.weir.cloud.RememberedAnswers;
import io.weir.cloud.RequestMeter;
import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.Promises;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Bucket;
import io.weir.driver.Rates.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The driver room's door: what a login comes to. Calls nothing yet. */
public final class Ec2 implements AutoCloseable {
    /**
     * What EC2 bears of an account in a region. Source: EC2 API Reference, "Request throttling": Describe 100 and 20 a second, changes 50
     * and 5 a second, RunInstances 5 and 2 a second and 1,000 instances and 2 a second, TerminateInstances 100 and 5 a second,
     * CreateTags 100 and 10 a second. A mark is one call for all that are marked alike, and two when it releases.
     */
    public static final Rates RATES = new Rates(Map.ofEntries(
            entry(Kind.LIST, new Bucket(10, 50)),
            entry(Kind.FIND, new Bucket(10, 50)),
            entry(Kind.LAUNCH, new Bucket(2, 5)),
            entry(Kind.LAUNCHED_MACHINES, new Bucket(2, 1000)),
            entry(Kind.TERMINATE, new Bucket(5, 100)),
            entry(Kind.MARK, new Bucket(5, 50)),
            entry(Kind.MARKED_MACHINES, new Bucket(5, 50))));

    /** Listings lag by seconds and now and then by more. */
    public static final Duration LAG = Duration.ofSeconds(60);

    /** What the client gave up on may land for a while. */
    public static final Duration LATENESS = Duration.ofMinutes(2);

    /** A token is known for a day at least, of which an hour is left for clocks and waiting. */
    private static final Duration TOKEN_MEMORY = Duration.ofHours(23);

    private static final int BATCH_MAX = 100;

    /**
     * @param lag how far behind a listing may be
     * @param lateness how long after a time-out a call may still land
     * @param takeOver the pools of somebody else that become ours
     */
    public record Settings(Login login, Duration lag, Duration lateness, Elastisys takeOver) {
        /** As AWS is. */
        public static Settings of(Login login) {
            return new Settings(login, LAG, LATENESS, Elastisys.NONE);
        }

        public Settings answeredWithin(Duration bound) {
            return new Settings(login.answeredWithin(bound), lag, lateness, takeOver);
        }

        Promises promises() {
            return new Promises(lag, lateness, Optional.of(TOKEN_MEMORY), BATCH_MAX);
        }
    }

    private final Ec2Clients clients;
    private final RememberedAnswers catalogs;
    private final Ec2Driver driver;
    private final Ec2Preflight preflight;

    /**
     * @param clock the service's time
     * @param wall the machine's own
     * @throws IllegalArgumentException what was configured cannot be used
     */
    public Ec2(Settings settings, InstantSource clock, InstantSource wall, RequestMeter meter) {
        clients = new Ec2Clients(settings.login(), meter, wall);
        SdkEc2Api direct = new SdkEc2Api(clients.ec2(), clients.ssm());
        catalogs = new RememberedAnswers(clock);
        Ec2Api api = new RememberingEc2Api(direct, catalogs);
        Ec2Machines machines = new Ec2Machines(clients.region(), settings.takeOver());
        driver = new Ec2Driver(api, catalogs, settings.promises(), machines, clock, wall);
        preflight = new Ec2Preflight(clients.sts(), clients.ec2(), wall);
    }

    public CloudDriver driver() {
        return driver;
    }

    public Catalogs catalogs() {
        return catalogs;
    }

    /** What {@code weir check} asks; changes nothing. */
    public List<Check> check() {
        return preflight.check();
    }

    @Override
    public void close() {
        clients.close();
    }
}
