package io.weir.kit.simulation;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.weir.simulated.ApiFailure;
import io.weir.simulated.Call;
import io.weir.simulated.Dials;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Draws what happens to a pool while faults are injected: for a row of the table its own fault, for {@code MIXED} anything. */
final class Script {
    private static final List<Trouble> COMMANDS = List.of(
            Trouble.TERMINATE,
            Trouble.TERMINATE_AND_DECREMENT,
            Trouble.TERMINATE_A_LAUNCH,
            Trouble.DETACH,
            Trouble.DETACH_AND_DECREMENT,
            Trouble.ATTACH,
            Trouble.ATTACH,
            Trouble.OUT_OF_SERVICE,
            Trouble.BACK_IN_SERVICE,
            Trouble.BLESSED,
            Trouble.AWAITING_SERVICE);

    private final World world;
    private final Chance chance;
    private final Scenario scenario;
    private final Duration end;

    Script(World world) {
        this.world = world;
        this.scenario = world.scenario;
        this.chance = world.chance.fork();
        this.end = scenario.faults();
    }

    void write() {
        switch (scenario.row()) {
            case MIXED -> mixed();
            case CRASHES -> {
                wishes(chance.between(1, 5), moment(0), end.minusSeconds(1));
                crashes(chance.between(3, 8));
            }
            case SCOPE_MISSING -> scopeMissing();
            case MOST_MISSING -> {
                settle(5);
                atEnd("more than half die", world -> world.kill(world.wish() * 6 / 10 + 1));
                if (chance.happens(0.3)) {
                    atEnd("a listing shows nothing", world -> world.lies = 2);
                }
            }
            case DARK -> dark();
            case SIZE_UNKNOWN -> {
                wishAt(ofSeconds(1), 0);
                world.at(end, "the store is lost", World::loseStore);
            }
            case LOST_STORE -> {
                settle(1);
                if (chance.happens(0.4)) {
                    crashes(1);
                }
                if (chance.happens(0.5)) {
                    wishAt(end.minusSeconds(chance.between(1, 20)), chance.below(Scenario.MOST));
                }
                world.at(end.minusMillis(1), "the store is lost", World::loseStore);
            }
            case SECOND_ADAPTER -> secondAdapter(0.3);
            case PACE -> {
                settle(5);
                world.anywhere(end, "nothing is wanted", world -> world.wish(0));
            }
            case SICK -> {
                int size = chance.between(4, 6);
                wishAt(ofSeconds(1), size);
                int sick = chance.between(3, 4);
                for (int i = 0; i < sick; i++) {
                    world.at(end.minusSeconds(20L * i), "UNHEALTHY", world -> world.command(Trouble.UNHEALTHY));
                }
                world.since = Optional.of(VirtualClock.START.plus(end).plus(Scenario.PATIENCE));
            }
            case BREAKER -> {
                settle(0);
                Duration from = moment(0.4);
                boolean young = chance.happens(0.3);
                world.window(from, end, young ? "machines die young" : "machines never boot", turn -> {
                    turn.neverBoots = young ? 0 : 1;
                    turn.diesYoung = new Dials.DiesYoung(young ? 1 : 0, 20);
                });
                wishAt(from.plusSeconds(1), chance.between(5, Scenario.MOST));
                world.anywhere(from.plusSeconds(30), "some die", world -> world.kill(3));
            }
            case ONE_FULL -> {
                settle(0);
                world.faultsStay = true;
                String full = chance.of(scenario.cloud().zones());
                world.window(
                        end.minusSeconds(60),
                        end.plusSeconds(100_000),
                        full + " is full",
                        turn -> turn.capacity = Map.of(full, 0));
                int more = chance.between(2, 10);
                world.anywhere(end, "more are wanted", world -> world.wish(world.wish() + more));
            }
            case ALL_FULL -> {
                settle(0);
                boolean quota = chance.happens(0.4);
                world.window(moment(0.3), end, quota ? "the quota is used up" : "all zones are full", turn -> {
                    if (quota) {
                        turn.quota = Map.of(Dials.INSTANCES, 0);
                    } else {
                        turn.capacity = all(0);
                    }
                });
                wishAt(moment(0.35), chance.between(10, Scenario.MOST));
                world.anywhere(moment(0.5), "some die", world -> world.kill(2));
            }
            case THROTTLED -> {
                world.window(moment(0.2), end, "throttled", turn -> turn.throttle = throttle());
                wishes(chance.between(2, 5), moment(0.2), end.minusSeconds(1));
            }
            case UNAUTHORIZED -> {
                settle(0);
                world.window(moment(0.4), end, "the credentials are not accepted", turn -> turn.unauthorized = true);
                int more = chance.between(0, 9);
                world.anywhere(moment(0.6), "more are wanted", world -> world.wish(world.wish() + more));
            }
            case FROZEN -> {
                settle(0);
                world.anywhere(moment(0.5), "frozen", world -> world.freeze(true));
                int more = chance.between(0, 9);
                world.anywhere(moment(0.6), "more are wanted", world -> world.wish(world.wish() + more));
                world.anywhere(end, "unfrozen", world -> world.freeze(false));
            }
            case SILENCE -> {
                silence(ofSeconds(1), end);
                wishes(chance.between(2, 6), moment(0), end.minusSeconds(90));
            }
        }
    }

    // Pieces

    private Duration moment(double share) {
        return ofMillis((long) (end.toMillis() * share));
    }

    private void atEnd(String text, Consumer<World> what) {
        world.at(end.minusMillis(1), text, what);
    }

    private void wishAt(Duration at, int size) {
        world.anywhere(at, "a wish of " + size, world -> world.wish(size));
    }

    /** A first wish, and time to become exact. */
    private void settle(int least) {
        wishAt(ofSeconds(chance.between(1, 30)), chance.between(least, Scenario.MOST - 10));
    }

    private void wishes(int count, Duration from, Duration to) {
        for (int i = 0; i < count; i++) {
            int size = chance.happens(0.15) ? 0 : chance.below(Scenario.MOST + 1);
            Duration at = between(from, to);
            wishAt(at, size);
            if (chance.happens(0.3)) {
                wishAt(at.plusMillis(chance.between(50, 9_000)), chance.below(Scenario.MOST + 1));
            }
        }
    }

    private Duration between(Duration from, Duration to) {
        return from.plus(
                ofMillis((long) (chance.fraction() * Math.max(1, to.minus(from).toMillis()))));
    }

    private void crashes(int count) {
        for (int i = 0; i < count; i++) {
            Duration at = between(ofSeconds(1), end.minusSeconds(30));
            CrashPoint point = chance.of(CrashPoint.values());
            if (point == CrashPoint.BETWEEN_TURNS) {
                world.at(at, "the process is killed", world -> {
                    world.tally.crash(CrashPoint.BETWEEN_TURNS);
                    throw new Crash(CrashPoint.BETWEEN_TURNS);
                });
            } else {
                world.doom.plan(VirtualClock.START.plus(at), point);
            }
        }
    }

    private void silence(Duration from, Duration to) {
        double requests = chance.between(0.0, 0.4);
        double answers = chance.between(0.0, 0.4);
        double late = world.promises.lateness().isZero() ? 0 : chance.between(0.0, 0.3);
        double bound = world.promises.lateness().toMillis() / 1000.0;
        world.window(from, to, "silence", turn -> {
            turn.lostRequests = requests;
            turn.lostAnswers = answers;
            turn.lateCalls = new Dials.LateCalls(late, bound);
        });
    }

    private void scopeMissing() {
        settle(1);
        if (chance.happens(0.3)) {
            world.anywhere(moment(0.5), "listings fail", world -> world.listingsFail = true);
        } else {
            Set<String> scopes = someZones();
            world.window(moment(0.5), end, "missing " + scopes, turn -> turn.missingScopes = scopes);
        }
        world.anywhere(moment(0.6), "some die", world -> world.kill(chance.between(1, 4)));
        if (chance.happens(0.5)) {
            int more = chance.between(1, 9);
            world.anywhere(moment(0.7), "more are wanted", world -> world.wish(world.wish() + more));
        }
    }

    private void dark() {
        settle(0);
        Set<String> zones = someZones();
        Duration from = moment(0.5);
        world.window(from, end, "dark " + zones, turn -> turn.darkZones = zones);
        int more = chance.between(2, 9);
        world.anywhere(from.plusMillis(10), "more are wanted", world -> world.wish(world.wish() + more));
        if (chance.happens(0.3)) {
            crashes(2);
        }
        if (chance.happens(0.15)) {
            String zone = zones.iterator().next();
            world.at(moment(0.9), zone + " is declared lost", world -> world.declareLost(zone));
        }
    }

    private void secondAdapter(double adopted) {
        int size = chance.between(2, 15);
        wishAt(ofSeconds(1), size);
        Duration from = moment(0.4);
        world.at(from, "a second adapter starts", World::secondAdapter);
        wishAt(between(from, end), chance.between(1, 20));
        boolean moves = chance.happens(adopted);
        if (moves) {
            world.at(moment(0.7), "the second adapter is told to adopt", World::adoptOnSecond);
        }
        world.at(
                end.minusMillis(1),
                moves ? "the first adapter stops" : "the second adapter stops",
                moves ? World::stopFirst : World::stopSecond);
    }

    private Set<String> someZones() {
        Set<String> zones = new HashSet<>();
        zones.add(chance.of(scenario.cloud().zones()));
        if (chance.happens(0.3)) {
            zones.add(chance.of(scenario.cloud().zones()));
        }
        return zones;
    }

    private Map<String, Integer> all(int capacity) {
        return Map.of("zone-a", capacity, "zone-b", capacity, "zone-c", capacity);
    }

    private static Map<Call, Dials.Bucket> throttle() {
        return Map.of(
                Call.LAUNCH,
                new Dials.Bucket(1, 0.05),
                Call.TERMINATE,
                new Dials.Bucket(1, 0.05),
                Call.TAG,
                new Dials.Bucket(1, 0.1),
                Call.LIST,
                new Dials.Bucket(2, 0.2),
                Call.FIND,
                new Dials.Bucket(1, 0.2));
    }

    // Everything at once

    private void mixed() {
        wishes(chance.between(0, 7), ofSeconds(1), end);
        sometimes(0.4, () -> silence(someTime(), end));
        sometimes(0.25, () -> windowOf("some calls fail", turn -> turn.unavailableCalls = 0.3));
        sometimes(0.08, () -> windowOf("the cloud is not available", turn -> turn.unavailable = true));
        sometimes(0.3, () -> {
            Set<String> zones = someZones();
            windowOf("missing " + zones, turn -> turn.missingScopes = zones);
        });
        sometimes(0.2, () -> {
            Set<String> zones = someZones();
            windowOf("dark " + zones, turn -> turn.darkZones = zones);
            sometimes(0.2, () -> {
                String zone = zones.iterator().next();
                world.at(someTime(), zone + " is declared lost", world -> world.declareLost(zone));
            });
        });
        sometimes(0.2, () -> {
            Map<String, Integer> capacity = chance.happens(0.5)
                    ? all(chance.between(0, 4))
                    : Map.of(chance.of(scenario.cloud().zones()), chance.between(0, 4));
            windowOf("capacity " + capacity, turn -> turn.capacity = capacity);
        });
        sometimes(0.12, () -> windowOf("a small quota", turn -> turn.quota = Map.of(Dials.INSTANCES, 5)));
        sometimes(0.12, () -> windowOf("throttled", turn -> turn.throttle = throttle()));
        sometimes(0.15, () -> {
            double much = chance.of(0.1, 0.3, 1.0);
            windowOf("never boots", turn -> turn.neverBoots = much);
        });
        sometimes(0.15, () -> {
            double much = chance.of(0.1, 0.5);
            windowOf("dies young", turn -> turn.diesYoung = new Dials.DiesYoung(much, 60));
        });
        sometimes(0.15, () -> windowOf("hangs in termination", turn -> turn.hangsInTermination = 0.3));
        sometimes(
                0.2,
                () -> windowOf(
                        "late refusals",
                        turn -> turn.lateRefusals = new Dials.LateRefusals(
                                0.3,
                                20,
                                ApiFailure.Code.NO_CAPACITY,
                                !scenario.cloud().tokens())));
        sometimes(0.06, () -> windowOf("the credentials are not accepted", turn -> turn.unauthorized = true));
        sometimes(0.08, () -> windowOf("the image is replaced", turn -> turn.images = Map.of("weir", "img-2")));
        sometimes(
                0.1,
                () -> windowOf(
                        "termination protection",
                        turn -> turn.protectedMachines =
                                Set.of("i-00000001", "i-00000002", "i-00000003", "i-00000005", "i-00000008")));
        sometimes(
                0.3,
                () -> times(4, () -> {
                    int count = chance.between(1, 5);
                    world.anywhere(someTime(), "killed: " + count, world -> world.kill(count));
                }));
        sometimes(0.15, () -> times(3, () -> world.at(someTime(), "marks are stripped", World::strip)));
        sometimes(0.12, () -> times(2, () -> world.at(someTime(), "a copy at the console", World::consoleCopy)));
        sometimes(
                0.3,
                () -> times(6, () -> {
                    Trouble command = chance.of(COMMANDS);
                    world.at(someTime(), command.name(), world -> world.command(command));
                }));
        sometimes(
                0.1,
                () -> times(2, () -> {
                    Trouble command = chance.of(Trouble.UNHEALTHY, Trouble.DISPOSABLE);
                    world.at(someTime(), command.name(), world -> world.command(command));
                }));
        sometimes(0.12, () -> {
            Duration from = someTime();
            world.anywhere(from, "frozen", world -> world.freeze(true));
            world.anywhere(between(from, end), "unfrozen", world -> world.freeze(false));
        });
        sometimes(
                0.12,
                () -> times(2, () -> {
                    Duration from = someTime();
                    world.anywhere(from, "listings fail", world -> world.listingsFail = true);
                    world.anywhere(between(from, end), "listings work", world -> world.listingsFail = false);
                }));
        sometimes(0.1, () -> {
            int lies = chance.between(1, 2);
            world.at(someTime(), "listings lie", world -> {
                boolean known = !world.state().gates().containsKey(io.weir.pool.Gate.Kind.SIZE_UNKNOWN);
                world.lies = known ? lies : 0;
            });
        });
        sometimes(0.4, () -> crashes(chance.between(1, 6)));
        sometimes(0.08, () -> {
            int failures = chance.between(1, 3);
            world.at(someTime(), "the disk is full", world -> world.primary().store().failures = failures);
        });
        double both = chance.fraction();
        if (both < 0.07) {
            world.at(between(moment(0.3), end), "the store is lost", World::loseStore);
            sometimes(0.4, () -> world.at(end.plusSeconds(400), "adopt", World::adoptByOperator));
        }
    }

    private void sometimes(double share, Runnable what) {
        if (chance.happens(share)) {
            what.run();
        }
    }

    private void times(int most, Runnable what) {
        int count = chance.between(1, most);
        for (int i = 0; i < count; i++) {
            what.run();
        }
    }

    private Duration someTime() {
        return between(ofSeconds(5), end.minusSeconds(5));
    }

    private void windowOf(String text, Consumer<Dials.Turn> how) {
        Duration from = someTime();
        Duration longest = from.plus(ofMinutes(chance.between(1, 30)));
        world.window(from, longest.compareTo(end) < 0 ? longest : end.minusMillis(1), text, how);
    }
}
