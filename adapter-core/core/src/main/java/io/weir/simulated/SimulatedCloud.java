package io.weir.simulated;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.simulated.ApiFailure.Code;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A whole cloud: a ledger of machines, the rules by which it changes, and a dial for everything that can go wrong.
 *
 * <ol>
 *   <li>Time and chance are handed in: the same clock, seed, dials and calls make the same ledger. Nothing happens by itself; what
 *       is due by now happens, with its own time, at the beginning of the next call.
 *   <li>A call may be lost on its way, be carried out late, be refused at the door (unavailable, unauthorized, throttled), or be
 *       carried out and lose its answer. Lost and late calls look the same to the caller: {@link Code#UNKNOWN}.
 *   <li>A machine's future (when it runs, whether it dies) is drawn when it is launched, that of its end when the end is
 *       accepted.
 *   <li>With tokens, a machine is (token, name): a launch with a known token yields the machines that it has, whatever became of
 *       them, and tries the names that it has not; other parameters under a known token are refused. Without, every launch
 *       launches.
 *   <li>A listing shows each machine as it was some time ago, at most the lag: rows jump back and forth. One listing in two is
 *       as old as one draw for each zone, the others draw for each machine. Changes always work on the truth.
 *   <li>Tags are set whole and last writer wins, also if it is a late one.
 *   <li>What is changed is in the journal before the answer goes out. A late call that has not landed is not, and is lost with
 *       the process, as any call may be.
 * </ol>
 *
 * One lock; every call is linear in the machines shown.
 */
public final class SimulatedCloud implements SimulatedApi {
    /** How long a launch that failed later is reported, at least. */
    private static final long REFUSALS_SHOWN = 600_000;

    private static final long PRUNE_EVERY = 10_000;
    private static final int TAG_LENGTH = 256;
    private static final BigDecimal SPOT_SHARE = new BigDecimal("0.3");

    private final InstantSource clock;
    private final CloudJournal journal;
    private final Dice dice;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Row> ledger = new ArrayList<>();
    private final Map<String, Row> byId = new HashMap<>();
    /** Those that a listing may still show, in the order of their launch. */
    private final List<Row> shown = new ArrayList<>();

    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final PriorityQueue<Late> late = new PriorityQueue<>();
    private final Map<Call, Meter> meters = new EnumMap<>(Call.class);
    private final FaultCounts faults = new FaultCounts();
    private Dials dials;
    private long lastPrune = Long.MIN_VALUE;
    private long lastNow = Long.MIN_VALUE;
    private long lateCalls;
    private int answersToLose;
    private int requestsToLose;

    public SimulatedCloud(InstantSource clock, long seed, Dials dials) {
        this(clock, seed, dials, CloudJournal.NONE, List.of());
    }

    /** A cloud that goes on from what it wrote down. */
    public SimulatedCloud(
            InstantSource clock, long seed, Dials dials, CloudJournal journal, Iterable<LedgerEvent> history) {
        this.clock = clock;
        this.dials = dials;
        this.journal = journal;
        for (LedgerEvent event : history) {
            apply(event);
        }
        this.dice = new Dice(seed + ledger.size());
    }

    // What the driver uses

    @Override
    public Page machines(Set<String> pools, @Nullable String page) throws ApiFailure {
        return read(Call.LIST, now -> list(pools, page, now));
    }

    @Override
    public Optional<Machine> machine(String id) throws ApiFailure {
        return read(Call.FIND, now -> find(id, now));
    }

    @Override
    public List<Launched> launch(Launch launch) throws ApiFailure {
        return change(Call.LAUNCH, now -> launch(launch, now));
    }

    @Override
    public List<Done> terminate(List<String> ids) throws ApiFailure {
        return change(Call.TERMINATE, now -> terminate(ids, now));
    }

    @Override
    public List<Done> tag(Map<String, Map<String, @Nullable String>> tagsById) throws ApiFailure {
        return change(Call.TAG, now -> tag(tagsById, now));
    }

    @Override
    public Catalog catalog() throws ApiFailure {
        return read(Call.CATALOG, now -> offers());
    }

    // What people, tests and the judge use: no fault befalls these

    public Dials dials() {
        return locked(now -> dials);
    }

    public void turn(Dials newDials) {
        locked(now -> {
            dials = newDials;
            meters.clear();
            return true;
        });
    }

    public void reseed(long seed) {
        locked(now -> {
            dice.reseed(seed);
            return true;
        });
    }

    /** The next so many changes are carried out, and their answers are lost. */
    public void loseAnswers(int count) {
        locked(now -> answersToLose = count);
    }

    /** The next so many changes never arrive. */
    public void loseRequests(int count) {
        locked(now -> requestsToLose = count);
    }

    /** Ends a machine at once, behind everybody's back; false: it was not alive. */
    public boolean kill(String id) {
        return locked(now -> {
            Row row = byId.get(id);
            return row != null && kill(row, now);
        });
    }

    /** Ends some machines of a pool (null: of any) in a state (null: in any) at once, and says which. */
    public List<String> kill(int count, @Nullable String pool, @Nullable MachineState state) {
        return locked(now -> {
            List<Row> some = new ArrayList<>();
            for (Row row : shown) {
                if (row.isAlive(now)
                        && (pool == null || pool.equals(row.tags().get(Marks.POOL_TAG)))
                        && (state == null || row.state(now, 0) == state)) {
                    some.add(row);
                }
            }
            List<String> killed = new ArrayList<>();
            for (int i = 0; i < count && i < some.size(); i++) {
                Collections.swap(some, i, i + dice.below(some.size() - i));
                kill(some.get(i), now);
                killed.add(some.get(i).id);
            }
            return killed;
        });
    }

    /** Sets (or, with null, removes) tags as somebody at the cloud's own console would; false: there is no such machine. */
    public boolean retag(String id, Map<String, @Nullable String> tags) {
        return locked(now -> {
            Row row = byId.get(id);
            if (row != null) {
                retag(row, tags, now);
            }
            return row != null;
        });
    }

    /** Launches one machine as somebody at the console would, and answers its id. */
    public String launchAtConsole(String name, String zone, String type, Map<String, String> tags) {
        return locked(now -> {
            Launch launch = new Launch(
                    "console",
                    null,
                    zone,
                    type,
                    "ON_DEMAND",
                    dials.images().values().stream().sorted().findFirst().orElse("none"),
                    List.of(name),
                    Map.copyOf(tags),
                    JsonNodeFactory.instance.objectNode());
            LedgerEvent.Birth birth = birth(name, ledger.size(), now);
            write(new LedgerEvent.Launched(Instant.ofEpochMilli(now), launch, List.of(birth)));
            return birth.id();
        });
    }

    /** Every machine that was ever launched. */
    public List<LedgerLine> ledger() {
        return locked(now -> {
            List<LedgerLine> lines = new ArrayList<>(ledger.size());
            for (Row row : ledger) {
                MachineState state = row.state(now, Row.NEVER);
                lines.add(row.line(now, state == null ? MachineState.TERMINATED : state, price(row.launch)));
            }
            return lines;
        });
    }

    /** How many machines with this pool's tag are alive and not ending, by the ledger. */
    public int alive(String pool) {
        return locked(now -> {
            int count = 0;
            for (Row row : shown) {
                if (row.isAlive(now)
                        && !row.isEnding(now)
                        && pool.equals(row.tags().get(Marks.POOL_TAG))) {
                    count++;
                }
            }
            return count;
        });
    }

    /** How many calls were answered with silence and have yet to be carried out. */
    public int yetToLand() {
        return locked(now -> late.size());
    }

    public FaultCounts faults() {
        return locked(now -> faults.copy());
    }

    // Rule 2: the way in

    private interface Work<T> {
        T at(long now) throws ApiFailure;
    }

    private record Late(long at, long number, Call call, Work<?> work) implements Comparable<Late> {
        @Override
        public int compareTo(Late other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private <T> T locked(LongFunction<T> work) {
        lock.lock();
        try {
            T answer = work.apply(arrive());
            journal.flush();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private <T> T read(Call call, Work<T> work) throws ApiFailure {
        lock.lock();
        try {
            long now = arrive();
            if (dice.happens(dials.lostRequests())) {
                throw silence(Fault.LOST_REQUEST, call);
            }
            if (dice.happens(dials.lostAnswers())) {
                throw silence(Fault.LOST_ANSWER, call);
            }
            admit(call, now);
            return work.at(now);
        } finally {
            lock.unlock();
        }
    }

    private <T> T change(Call call, Work<T> work) throws ApiFailure {
        lock.lock();
        try {
            long now = arrive();
            if (requestsToLose > 0 || dice.happens(dials.lostRequests())) {
                requestsToLose = Math.max(0, requestsToLose - 1);
                throw silence(Fault.LOST_REQUEST, call);
            }
            if (dice.happens(dials.lateCalls().p())) {
                late.add(new Late(now + dice.millisUpTo(dials.lateCalls().seconds()), lateCalls++, call, work));
                throw silence(Fault.LATE_CALL, call);
            }
            boolean lost = answersToLose > 0 || dice.happens(dials.lostAnswers());
            answersToLose = Math.max(0, answersToLose - 1);
            try {
                admit(call, now);
                T answer = work.at(now);
                if (!lost) {
                    return answer;
                }
            } catch (ApiFailure failure) {
                if (!lost) {
                    throw failure;
                }
            } finally {
                journal.flush();
            }
            throw silence(Fault.LOST_ANSWER, call);
        } finally {
            lock.unlock();
        }
    }

    /** What is due happens first; the cloud's time never runs backwards. */
    private long arrive() {
        long now = Math.max(lastNow, clock.millis());
        lastNow = now;
        while (!late.isEmpty() && late.element().at <= now) {
            Late call = late.remove();
            try {
                admit(call.call, call.at);
                call.work.at(call.at);
            } catch (ApiFailure nobodyListens) {
                // The caller gave up long ago.
            }
            journal.flush();
        }
        if (now >= lastPrune + PRUNE_EVERY || lastPrune == Long.MIN_VALUE) {
            lastPrune = now;
            long kept = Math.max(tombstone(), REFUSALS_SHOWN) + lag();
            shown.removeIf(row -> row.gone() != Row.NEVER && row.gone() + kept < now);
        }
        return now;
    }

    private void admit(Call call, long now) throws ApiFailure {
        if (dials.unavailable() || dice.happens(dials.unavailableCalls())) {
            throw refusal(Fault.UNAVAILABLE, call, Code.UNAVAILABLE, "the cloud is not available");
        }
        if (dials.unauthorized()) {
            throw refusal(Fault.UNAUTHORIZED, call, Code.UNAUTHORIZED, "the credentials are not accepted");
        }
        Dials.Bucket bucket = dials.throttle().get(call);
        if (bucket != null) {
            Meter meter = meters.computeIfAbsent(call, first -> new Meter(bucket, now));
            double wait = meter.take(now);
            if (wait > 0) {
                faults.count(Fault.THROTTLED, call);
                throw new ApiFailure(
                        Code.THROTTLED, "too many calls of this kind: " + call, Optional.of(Duration.ofMillis((long)
                                Math.ceil(wait * 1000))));
            }
        }
    }

    private ApiFailure silence(Fault fault, Call call) {
        faults.count(fault, call);
        return new ApiFailure(Code.UNKNOWN, "no answer");
    }

    private ApiFailure refusal(Fault fault, Call call, Code code, String text) {
        faults.count(fault, call);
        return new ApiFailure(code, text);
    }

    /** A token bucket in the cloud's time. */
    private static final class Meter {
        private final Dials.Bucket bucket;
        private double left;
        private long filled;

        Meter(Dials.Bucket bucket, long now) {
            this.bucket = bucket;
            this.left = bucket.burst();
            this.filled = now;
        }

        /** Seconds to wait; none if it was taken. */
        double take(long now) {
            left = Math.min(bucket.burst(), left + (now - filled) / 1000.0 * bucket.perSecond());
            filled = now;
            if (left >= 1) {
                left -= 1;
                return 0;
            }
            return (1 - left) / bucket.perSecond();
        }
    }

    // Rules 3 and 4: launching

    private static final class Token {
        final Launch first;
        final long since;
        final Map<String, String> ids = new HashMap<>();

        Token(Launch first, long since) {
            this.first = first;
            this.since = since;
        }

        boolean means(Launch launch) {
            return first.zone().equals(launch.zone())
                    && first.type().equals(launch.type())
                    && first.market().equals(launch.market())
                    && first.image().equals(launch.image())
                    && first.tags().equals(launch.tags())
                    && first.frozen().equals(launch.frozen());
        }
    }

    private List<Launched> launch(Launch launch, long now) throws ApiFailure {
        checkLaunch(launch);
        boolean dark = dials.darkZones().contains(launch.zone());
        if (dark) {
            faults.count(Fault.DARK_ZONE, Call.LAUNCH);
            if (dice.happens(0.5)) {
                throw new ApiFailure(Code.UNKNOWN, "no answer");
            }
        }
        Token token = null;
        if (dials.tokens() && launch.token() != null) {
            token = remembered(launch.token(), now);
            if (token != null && !token.means(launch)) {
                throw refusal(
                        Fault.INVALID_TEMPLATE,
                        Call.LAUNCH,
                        Code.INVALID_TEMPLATE,
                        "token " + launch.token() + " was used with other parameters");
            }
        }
        Room room = room(launch, now);
        List<Launched> answers = new ArrayList<>(launch.names().size());
        List<LedgerEvent.Birth> births = new ArrayList<>(launch.names().size());
        for (String name : launch.names()) {
            String known = token == null ? null : token.ids.get(name);
            if (known != null) {
                answers.add(new Launched(name, known, null, null));
            } else if (room.inQuota == 0) {
                faults.count(Fault.QUOTA_EXCEEDED, Call.LAUNCH);
                answers.add(new Launched(
                        name, null, Code.QUOTA_EXCEEDED, "the quota of " + Dials.INSTANCES + " is used up"));
            } else if (room.inZone == 0) {
                faults.count(Fault.NO_CAPACITY, Call.LAUNCH);
                answers.add(new Launched(
                        name, null, Code.NO_CAPACITY, "no " + launch.type() + " left in " + launch.zone()));
            } else {
                room.inQuota--;
                room.inZone--;
                LedgerEvent.Birth birth = birth(name, ledger.size() + births.size(), now);
                births.add(birth);
                answers.add(new Launched(name, birth.id(), null, null));
            }
        }
        if (!births.isEmpty()) {
            write(new LedgerEvent.Launched(Instant.ofEpochMilli(now), launch, births));
        }
        if (dark) {
            throw new ApiFailure(Code.UNKNOWN, "no answer");
        }
        return answers;
    }

    private void checkLaunch(Launch launch) throws ApiFailure {
        String wrong = null;
        if (!dials.zones().contains(launch.zone())) {
            wrong = "there is no zone " + launch.zone();
        } else if (!dials.prices().containsKey(launch.type())) {
            wrong = "there is no machine type " + launch.type();
        } else if (!dials.images().containsValue(launch.image())) {
            wrong = "there is no image " + launch.image();
        } else if (!launch.market().equals("ON_DEMAND") && !launch.market().equals("SPOT")) {
            wrong = "there is no market " + launch.market();
        } else if (launch.names().isEmpty()
                || new HashSet<>(launch.names()).size() != launch.names().size()) {
            wrong = "names: one at least, each once";
        } else {
            for (String value : launch.tags().values()) {
                if (value.length() > TAG_LENGTH) {
                    wrong = "a tag of more than " + TAG_LENGTH + " characters";
                }
            }
        }
        if (wrong != null) {
            throw refusal(Fault.INVALID_TEMPLATE, Call.LAUNCH, Code.INVALID_TEMPLATE, wrong);
        }
    }

    private @Nullable Token remembered(String key, long now) {
        Token token = tokens.get(key);
        if (token != null && now - token.since > seconds(dials.tokenSeconds())) {
            tokens.remove(key);
            return null;
        }
        return token;
    }

    /** How many more there may be. */
    private static final class Room {
        int inQuota = Integer.MAX_VALUE;
        int inZone = Integer.MAX_VALUE;
    }

    private Room room(Launch launch, long now) {
        Room room = new Room();
        Integer quota = dials.quota().get(Dials.INSTANCES);
        Integer zone = dials.capacity().get(launch.zone());
        Integer type = dials.capacity().get(launch.zone() + "/" + launch.type());
        if (quota == null && zone == null && type == null) {
            return room;
        }
        int all = 0;
        int inZone = 0;
        int ofType = 0;
        for (Row row : shown) {
            if (row.isAlive(now) || row.isRemains(now)) {
                all++;
                if (row.launch.zone().equals(launch.zone())) {
                    inZone++;
                    if (row.launch.type().equals(launch.type())) {
                        ofType++;
                    }
                }
            }
        }
        if (quota != null) {
            room.inQuota = Math.max(0, quota - all);
        }
        if (zone != null) {
            room.inZone = Math.max(0, zone - inZone);
        }
        if (type != null) {
            room.inZone = Math.min(room.inZone, Math.max(0, type - ofType));
        }
        return room;
    }

    private LedgerEvent.Birth birth(String name, int number, long now) {
        LedgerEvent.Birth drawn = drawn(name, number, now);
        String network = dials.privateNetwork();
        return network.equals(Dials.DEFAULT.privateNetwork()) ? drawn : drawn.in(network);
    }

    private LedgerEvent.Birth drawn(String name, int number, long now) {
        String id = "i-" + HexFormat.of().toHexDigits(number + 1);
        long running = now + dice.millis(dials.boot());
        if (dice.happens(dials.lateRefusals().p())) {
            faults.count(Fault.LATE_REFUSAL, Call.LAUNCH);
            long failed = now + dice.millisUpTo(dials.lateRefusals().seconds());
            return new LedgerEvent.Birth(
                    id,
                    name,
                    null,
                    Row.instant(failed),
                    "refused",
                    dials.lateRefusals().kind(),
                    dials.lateRefusals().remains(),
                    null);
        }
        if (dice.happens(dials.neverBoots())) {
            faults.count(Fault.NEVER_BOOTS, Call.LAUNCH);
            return new LedgerEvent.Birth(id, name, null, null, null, null, false, null);
        }
        if (dice.happens(dials.diesYoung().p())) {
            faults.count(Fault.DIES_YOUNG, Call.LAUNCH);
            long dead = running + dice.millisUpTo(dials.diesYoung().withinSeconds());
            return new LedgerEvent.Birth(
                    id, name, Row.instant(running), Row.instant(dead), "died young", null, false, null);
        }
        return new LedgerEvent.Birth(id, name, Row.instant(running), null, null, null, false, null);
    }

    // Ending and tagging

    private List<Done> terminate(List<String> ids, long now) {
        List<Done> answers = new ArrayList<>(ids.size());
        for (String id : ids) {
            Row row = byId.get(id);
            if (row == null) {
                answers.add(new Done(id, Code.NOT_FOUND, "there is no machine " + id));
            } else if (dials.darkZones().contains(row.launch.zone())) {
                faults.count(Fault.DARK_ZONE, Call.TERMINATE);
                if (dice.happens(0.5)) {
                    end(row, now);
                }
                answers.add(new Done(id, Code.UNKNOWN, "no answer from " + row.launch.zone()));
            } else {
                answers.add(end(row, now));
            }
        }
        return answers;
    }

    private Done end(Row row, long now) {
        boolean remains = row.isRemains(now);
        if (row.isEnding(now) || (row.hasEnded(now) && !remains)) {
            return new Done(row.id, null, null);
        }
        if (dials.protectedMachines().contains(row.id)) {
            faults.count(Fault.CONFLICT, Call.TERMINATE);
            return new Done(row.id, Code.CONFLICT, row.id + " is protected");
        }
        long end = now + dice.millis(dials.end());
        long ended = remains ? end : Math.min(row.ended(), end);
        if (dice.happens(dials.hangsInTermination())) {
            faults.count(Fault.HANGS_IN_TERMINATION, Call.TERMINATE);
            ended = Row.NEVER;
        }
        write(new LedgerEvent.Ending(row.id, Instant.ofEpochMilli(now), Row.instant(ended), "asked"));
        return new Done(row.id, null, null);
    }

    private boolean kill(Row row, long now) {
        if (!row.isAlive(now)) {
            return false;
        }
        faults.count(Fault.KILLED, Call.TERMINATE);
        write(new LedgerEvent.Ending(row.id, null, Instant.ofEpochMilli(now), "killed"));
        return true;
    }

    private List<Done> tag(Map<String, Map<String, @Nullable String>> tagsById, long now) {
        List<Done> answers = new ArrayList<>(tagsById.size());
        for (Map.Entry<String, Map<String, @Nullable String>> entry : tagsById.entrySet()) {
            String id = entry.getKey();
            Map<String, @Nullable String> tags = entry.getValue();
            Row row = byId.get(id);
            if (row == null || row.state(now, tombstone()) == null) {
                answers.add(new Done(id, Code.NOT_FOUND, "there is no machine " + id));
            } else if (tags.values().stream().anyMatch(value -> value != null && value.length() > TAG_LENGTH)) {
                answers.add(new Done(id, Code.INVALID_TEMPLATE, "a tag of more than " + TAG_LENGTH + " characters"));
            } else if (dials.darkZones().contains(row.launch.zone())) {
                faults.count(Fault.DARK_ZONE, Call.TAG);
                if (dice.happens(0.5)) {
                    retag(row, tags, now);
                }
                answers.add(new Done(id, Code.UNKNOWN, "no answer from " + row.launch.zone()));
            } else {
                retag(row, tags, now);
                answers.add(new Done(id, null, null));
            }
        }
        return answers;
    }

    private void retag(Row row, Map<String, @Nullable String> tags, long now) {
        Map<String, String> merged = new HashMap<>(row.tags());
        tags.forEach((key, value) -> {
            if (value == null) {
                merged.remove(key);
            } else {
                merged.put(key, value);
            }
        });
        if (!merged.equals(row.tags())) {
            write(new LedgerEvent.Tagged(Instant.ofEpochMilli(now), row.id, Map.copyOf(merged)));
        }
    }

    // Rule 5: looking

    private Page list(Set<String> pools, @Nullable String page, long now) throws ApiFailure {
        Set<String> missing = new TreeSet<>(dials.missingScopes());
        missing.addAll(dials.darkZones());
        for (int i = 0; i < missing.size(); i++) {
            faults.count(Fault.MISSING_SCOPE, Call.LIST);
        }
        int after = page == null ? -1 : parsePage(page);
        Ages ages = new Ages();
        List<Machine> machines = new ArrayList<>(Math.min(shown.size(), dials.pageSize()));
        List<Refusal> refusals = new ArrayList<>(0);
        String next = null;
        for (int i = from(after); i < shown.size(); i++) {
            Row row = shown.get(i);
            if (!missing.isEmpty() && missing.contains(row.launch.zone())) {
                continue;
            }
            long at = now - ages.of(row);
            String pool = row.pool(at);
            if (pool == null || !pools.contains(pool)) {
                continue;
            }
            MachineState state = row.state(at, tombstone());
            if (at < now && (state != row.state(now, tombstone()) || row.tags(at) != row.tags())) {
                faults.count(Fault.LAG, Call.LIST);
            }
            if (state != null && machines.size() == dials.pageSize()) {
                next = Integer.toString(shown.get(i - 1).number);
                break;
            }
            if (state != null) {
                machines.add(row.show(state, row.tags(at)));
            }
            if (row.isRefused(at) && (row.isRemains(at) || at - row.ended() < REFUSALS_SHOWN)) {
                refusals.add(new Refusal(
                        row.name,
                        row.isRemains(at) ? row.id : null,
                        row.launch.batch(),
                        pool,
                        Objects.requireNonNullElse(row.refused, Code.NO_CAPACITY),
                        "the launch of " + row.name + " failed"));
            }
        }
        return new Page(Instant.ofEpochMilli(now), machines, List.copyOf(missing), refusals, next);
    }

    private static int parsePage(String page) throws ApiFailure {
        try {
            return Integer.parseInt(page);
        } catch (NumberFormatException noNumber) {
            throw new ApiFailure(Code.INVALID_TEMPLATE, "\"" + page + "\" is no page");
        }
    }

    /** Where in the shown ones the first with a higher number is. */
    private int from(int number) {
        int low = 0;
        int high = shown.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (shown.get(middle).number <= number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How old each row of one listing is. */
    private final class Ages {
        private final double lagSeconds = dials.lagSeconds();
        private final boolean byZone = lagSeconds > 0 && dice.happens(0.5);
        private final long[] zones = new long[byZone ? dials.zones().size() : 0];

        Ages() {
            Arrays.setAll(zones, zone -> dice.millisUpTo(lagSeconds));
        }

        long of(Row row) {
            if (lagSeconds == 0) {
                return 0;
            }
            int zone = byZone ? dials.zones().indexOf(row.launch.zone()) : -1;
            return zone >= 0 ? zones[zone] : dice.millisUpTo(lagSeconds);
        }
    }

    private Optional<Machine> find(String id, long now) throws ApiFailure {
        Row row = byId.get(id);
        if (row == null) {
            return Optional.empty();
        }
        if (dials.missingScopes().contains(row.launch.zone())
                || dials.darkZones().contains(row.launch.zone())) {
            throw refusal(Fault.UNAVAILABLE, Call.FIND, Code.UNAVAILABLE, row.launch.zone() + " cannot be read");
        }
        long at = now - (dials.lagSeconds() == 0 ? 0 : dice.millisUpTo(dials.lagSeconds()));
        MachineState state = row.state(at, tombstone());
        if (at < now && (state != row.state(now, tombstone()) || row.tags(at) != row.tags())) {
            faults.count(Fault.LAG, Call.FIND);
        }
        return state == null ? Optional.empty() : Optional.of(row.show(state, row.tags(at)));
    }

    private BigDecimal price(Launch launch) {
        BigDecimal price = dials.prices().getOrDefault(launch.type(), BigDecimal.ZERO);
        return launch.market().equals("SPOT") ? price.multiply(SPOT_SHARE) : price;
    }

    private Catalog offers() {
        List<MachineType> types = dials.prices().entrySet().stream()
                .sorted(Map.Entry.<String, BigDecimal>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(type -> new MachineType(
                        type.getKey(), type.getValue(), type.getValue().multiply(SPOT_SHARE)))
                .toList();
        return new Catalog(dials.zones(), types, dials.images());
    }

    // Rule 7: the ledger

    private void write(LedgerEvent event) {
        journal.append(event);
        apply(event);
    }

    private void apply(LedgerEvent event) {
        switch (event) {
            case LedgerEvent.Launched launched -> {
                long at = launched.at().toEpochMilli();
                String key = launched.launch().token();
                Token token = key == null || !dials.tokens()
                        ? null
                        : tokens.computeIfAbsent(key, first -> new Token(launched.launch(), at));
                for (LedgerEvent.Birth birth : launched.machines()) {
                    Row row = new Row(ledger.size(), birth, launched.launch(), at);
                    ledger.add(row);
                    shown.add(row);
                    byId.put(row.id, row);
                    if (token != null) {
                        token.ids.put(row.name, row.id);
                    }
                }
            }
            case LedgerEvent.Ending ending -> known(ending.id()).end(ending);
            case LedgerEvent.Tagged tagged -> known(tagged.id()).tag(tagged.at().toEpochMilli(), tagged.tags());
        }
    }

    private Row known(String id) {
        Row row = byId.get(id);
        if (row == null) {
            throw new IllegalStateException("the ledger speaks of " + id + ", which it never launched");
        }
        return row;
    }

    private long tombstone() {
        return seconds(dials.tombstoneSeconds());
    }

    private long lag() {
        return seconds(dials.lagSeconds());
    }

    private static long seconds(double seconds) {
        return (long) (seconds * 1000);
    }
}
