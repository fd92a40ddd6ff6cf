package io.weir.aws.fake;

import io.weir.aws.fake.Ec2Dials.Buckets;
import io.weir.aws.fake.Ec2Event.Step;
import io.weir.pool.Marks;
import io.weir.simulated.Dice;
import io.weir.simulated.LinesFile;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * EC2 in one region of one account, behind its query protocol.
 *
 * <ol>
 *   <li>Time and chance are handed in: the same clock, seed, dials and calls make the same ledger. Nothing happens by itself; what is due
 *       by now happens, with its own time, at the beginning of the next call.
 *   <li>A call may be lost on its way, be carried out late, be refused at the door (unavailable, credentials, throttled, unknown, not
 *       allowed), or be carried out and lose its answer. Lost and late calls look the same to the caller.
 *   <li>An instance's future is drawn when it is launched, that of its end when the end is accepted.
 *   <li>What is changed is in the journal before the answer goes out. A late call that has not landed is not, and is lost with the
 *       process, as any call may be.
 *   <li>A parameter that EC2's model does not have is refused as EC2 does; one that it has and the fake does not heed is refused too, as
 *       unknown to the fake: nothing is ignored. No answer holds an element that the model does not have.
 * </ol>
 *
 * One lock; every call is linear in the instances shown.
 */
final class Ec2Cloud {
    private static final long PRUNE_EVERY = 10_000;

    private final InstantSource clock;
    private final Ground ground;
    private final Map<String, Action> actions;
    private final Map<String, Meter> meters = new HashMap<>();
    private final PriorityQueue<Late> late = new PriorityQueue<>();
    private final Object lock = new Object();
    private long lastPrune = Long.MIN_VALUE;
    private long lastNow = Long.MIN_VALUE;
    private long lateCalls;
    private int answersToLose;
    private int requestsToLose;

    Ec2Cloud(InstantSource clock, long seed, Region region, Ec2Dials dials) {
        this(clock, seed, region, dials, Optional.empty());
    }

    /** A cloud that goes on from what it wrote down. */
    Ec2Cloud(InstantSource clock, long seed, Region region, Ec2Dials dials, Optional<LinesFile<Ec2Event>> journal) {
        this.clock = clock;
        Ledger ledger = new Ledger(journal);
        this.ground = new Ground(region, dials, new Dice(seed + ledger.all().size()), ledger);
        this.actions = Actions.over(ground);
    }

    /** Who calls: found out at the door, and asked for what he may do. */
    interface Caller {
        void authenticate() throws Refusal;

        void allow(Action.Need need) throws Refusal;
    }

    /** The answer's root element. */
    Element call(Query query, Caller caller) throws Refusal, Silence {
        synchronized (lock) {
            long now = arrive();
            boolean changes = actions.containsKey(query.action())
                    && actions.get(query.action()).changes()
                    && !query.flag("DryRun");
            if (happens(changes && requestsToLose > 0, ground.dials.lostRequests())) {
                requestsToLose -= changes && requestsToLose > 0 ? 1 : 0;
                throw new Silence("the request was lost");
            }
            if (changes && ground.dice.happens(ground.dials.lateCalls().p())) {
                long at = now + ground.dice.millisUpTo(ground.dials.lateCalls().seconds());
                late.add(new Late(at, lateCalls++, query, caller));
                throw new Silence("the call is late");
            }
            boolean lost = happens(changes && answersToLose > 0, ground.dials.lostAnswers());
            answersToLose -= changes && answersToLose > 0 ? 1 : 0;
            try {
                Element answer = carryOut(query, caller, now);
                if (!lost) {
                    return answer;
                }
            } catch (Refusal refusal) {
                if (!lost) {
                    throw refusal;
                }
            } finally {
                ground.ledger.flush();
            }
            throw new Silence("the answer was lost");
        }
    }

    private boolean happens(boolean certainly, double chance) {
        return certainly || ground.dice.happens(chance);
    }

    private record Late(long at, long number, Query query, Caller caller) implements Comparable<Late> {
        @Override
        public int compareTo(Late other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** What is due happens first; the fake's time never runs backwards. */
    private long arrive() {
        long now = Math.max(lastNow, clock.millis());
        lastNow = now;
        while (!late.isEmpty() && late.element().at <= now) {
            Late call = late.remove();
            try {
                carryOut(call.query, call.caller, call.at);
            } catch (Refusal nobodyListens) {
                // The caller gave up long ago.
            }
            ground.ledger.flush();
        }
        if (lastPrune == Long.MIN_VALUE || now >= lastPrune + PRUNE_EVERY) {
            lastPrune = now;
            ground.ledger.prune(now - ground.tombstone() - Ground.millis(ground.dials.lagSeconds()) - 1);
        }
        return now;
    }

    private Element carryOut(Query query, Caller caller, long now) throws Refusal {
        Ec2Dials dials = ground.dials;
        if (dials.unavailable() || ground.dice.happens(dials.unavailableCalls())) {
            throw new Refusal(503, "Unavailable", "The server is overloaded and can't handle the request.");
        }
        caller.authenticate();
        String name = query.action();
        Action action = actions.get(name);
        if (action == null) {
            throw Model.EC2.hasOperation(name) || name.isEmpty()
                    ? Refusal.notInTheFake("the operation " + name)
                    : Refusal.client("InvalidAction", "The action " + name + " is not valid for this web service.");
        }
        throttle(query, now);
        for (String parameter : Model.EC2.unknownParameters(name, query.shapes())) {
            throw Refusal.client("UnknownParameter", "The parameter " + parameter + " is not recognized");
        }
        for (String parameter : query.shapes()) {
            if (!parameter.equals("DryRun") && !action.understood().contains(parameter)) {
                throw Refusal.notInTheFake("the parameter " + parameter + " of " + name);
            }
        }
        for (Action.Need need : action.needs().of(query)) {
            caller.allow(need);
        }
        if (!action.changes()) {
            Ground.endTrial(query);
        }
        Element answer = action.work().on(query, now);
        Set<String> wrong = Model.EC2.unknownElements(name, answer);
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("no " + name + " answers with " + wrong);
        }
        List<Element> children = new ArrayList<>();
        children.add(Element.text("requestId", ground.requestId()));
        children.addAll(answer.children());
        return Element.list(name + "Response", children);
    }

    private void throttle(Query query, long now) throws Refusal {
        String name = query.action();
        Buckets buckets = ground.dials.throttle().get(name);
        if (buckets == null) {
            return;
        }
        if (Ec2Buckets.SMALLER_WHEN_BROAD.contains(name)
                && !query.has("Filter")
                && !query.has("MaxResults")
                && !query.has("NextToken")
                && !meter(name + "/broad", Ec2Buckets.BROAD_READ, now).take(1, now)) {
            throw Refusal.throttled();
        }
        Meter calls = meter(name, buckets, now);
        if (!calls.take(1, now)) {
            throw Refusal.throttled();
        }
        int instances = name.equals("RunInstances")
                ? query.number("MaxCount").orElse(1)
                : query.texts("InstanceId").size();
        if (buckets.instancesBurst() > 0) {
            Meter meter = meters.computeIfAbsent(
                    name + "/instances",
                    first -> new Meter(buckets.instancesBurst(), buckets.instancesPerSecond(), now));
            if (!meter.take(instances, now)) {
                calls.giveBack(1);
                throw Refusal.throttled();
            }
        }
    }

    private Meter meter(String key, Buckets buckets, long now) {
        return meters.computeIfAbsent(key, first -> new Meter(buckets.burst(), buckets.perSecond(), now));
    }

    // What people, tests and the judge use: no fault befalls these

    private <T> T locked(LongFunction<T> work) {
        synchronized (lock) {
            T answer = work.apply(arrive());
            ground.ledger.flush();
            return answer;
        }
    }

    Ec2Dials dials() {
        return locked(now -> ground.dials);
    }

    void turn(Consumer<Ec2Dials.Turn> how) {
        locked(now -> {
            ground.dials = ground.dials.turned(how);
            return true;
        });
    }

    /** New dials; their buckets begin full. */
    void set(Ec2Dials dials) {
        locked(now -> {
            meters.clear();
            ground.dials = dials;
            return true;
        });
    }

    Region region() {
        return locked(now -> ground.region);
    }

    void change(UnaryOperator<Region> how) {
        locked(now -> {
            ground.region = how.apply(ground.region);
            return true;
        });
    }

    void reseed(long seed) {
        locked(now -> {
            ground.dice.reseed(seed);
            return true;
        });
    }

    /** The next so many changes are carried out, and their answers are lost. */
    void loseAnswers(int count) {
        locked(now -> {
            answersToLose = count;
            return true;
        });
    }

    /** The next so many changes never arrive. */
    void loseRequests(int count) {
        locked(now -> {
            requestsToLose = count;
            return true;
        });
    }

    /** Ends an instance at once, as a host that fails; false: it was not alive. */
    boolean kill(String id) {
        return end(id, "Server.InternalError", "Internal error on launch");
    }

    /** Takes a spot instance back; false: it was not alive, or is none. */
    boolean interrupt(String id) {
        return locked(now -> ground.ledger.find(id).filter(instance -> instance.spec.isSpot()))
                        .isPresent()
                && end(id, "Server.SpotInstanceTermination", "Spot instance termination");
    }

    private boolean end(String id, String code, String message) {
        return locked(now -> {
            Optional<Instance> alive = ground.ledger.find(id).filter(instance -> instance.isAlive(now));
            alive.ifPresent(instance -> end(instance, code, message, now));
            return alive.isPresent();
        });
    }

    private void end(Instance instance, String code, String message, long now) {
        Instant at = Instant.ofEpochMilli(now);
        ground.ledger.write(new Ec2Event.Changed(
                at, instance.id, false, List.of(new Step(at, State.TERMINATED, code, code + ": " + message))));
    }

    /** Ends some instances of a pool (null: of any) at once, and says which. */
    List<String> kill(int count, @Nullable String pool) {
        return locked(now -> {
            List<Instance> some = new ArrayList<>(ground.ledger.shown().stream()
                    .filter(instance -> instance.isAlive(now))
                    .filter(instance ->
                            pool == null || pool.equals(instance.tags.now().get(Marks.POOL_TAG)))
                    .toList());
            List<String> killed = new ArrayList<>();
            for (int i = 0; i < count && i < some.size(); i++) {
                Collections.swap(some, i, i + ground.dice.below(some.size() - i));
                end(some.get(i), "Server.InternalError", "Internal error", now);
                killed.add(some.get(i).id);
            }
            return killed;
        });
    }

    /** Stops or starts an instance, as somebody at the console would; false: it is not alive. */
    boolean stop(String id, boolean stopped) {
        return locked(now -> {
            Optional<Instance> alive = ground.ledger.find(id).filter(instance -> instance.isAlive(now));
            Instant at = Instant.ofEpochMilli(now);
            alive.ifPresent(instance -> ground.ledger.write(new Ec2Event.Changed(
                    at,
                    id,
                    false,
                    stopped
                            ? List.of(
                                    Step.because(
                                            at,
                                            State.STOPPING,
                                            "Client.UserInitiatedShutdown",
                                            "User initiated shutdown"),
                                    Step.because(
                                            at.plusSeconds(20),
                                            State.STOPPED,
                                            "Client.UserInitiatedShutdown",
                                            "User initiated shutdown"))
                            : List.of(Step.of(at, State.PENDING), Step.of(at.plusSeconds(20), State.RUNNING)))));
            return alive.isPresent();
        });
    }

    /** Sets tags of a resource as somebody at the console would; null takes one away. False: there is no such resource. */
    boolean retag(String resource, Map<String, @Nullable String> tags) {
        return locked(now -> {
            Optional<TagHistory> history = ground.ledger.tagsOf(resource);
            history.ifPresent(known -> {
                Map<String, String> merged = new HashMap<>(known.now());
                tags.forEach((key, value) -> {
                    if (value == null) {
                        merged.remove(key);
                    } else {
                        merged.put(key, value);
                    }
                });
                ground.ledger.write(new Ec2Event.Tagged(Instant.ofEpochMilli(now), resource, Map.copyOf(merged)));
            });
            return history.isPresent();
        });
    }

    void protect(String id, boolean isProtected) {
        locked(now -> {
            ground.ledger.write(new Ec2Event.Protected(Instant.ofEpochMilli(now), id, isProtected));
            return true;
        });
    }

    /** Every instance that was ever launched. */
    List<LedgerLine> ledger() {
        return locked(now -> ground.ledger.all().stream()
                .map(instance -> instance.line(now, price(instance.spec)))
                .toList());
    }

    private BigDecimal price(LaunchSpec spec) {
        return ground.region
                .type(spec.instanceType())
                .map(type -> spec.isSpot() ? type.spotPrice() : type.price())
                .orElse(BigDecimal.ZERO);
    }

    /** How many instances with this pool's tag are alive, by the ledger. */
    int alive(String pool) {
        return locked(now -> (int) ground.ledger.shown().stream()
                .filter(instance -> instance.isAlive(now))
                .filter(instance -> pool.equals(instance.tags.now().get(Marks.POOL_TAG)))
                .count());
    }

    /** What one was launched as; empty: there is no such instance. */
    Optional<LaunchSpec> spec(String id) {
        return locked(now -> ground.ledger.find(id).map(instance -> instance.spec));
    }

    /** How many calls were answered with silence and have yet to be carried out. */
    int yetToLand() {
        return locked(now -> late.size());
    }

    Set<String> operations() {
        return actions.keySet();
    }
}
