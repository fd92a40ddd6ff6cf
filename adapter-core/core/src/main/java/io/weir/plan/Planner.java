package io.weir.plan;

import io.weir.pool.Absence;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.Charge;
import io.weir.pool.Choice;
import io.weir.pool.Ending;
import io.weir.pool.Gate;
import io.weir.pool.Launch;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.MarkWrite;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolState;
import io.weir.pool.ServiceState;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Chooses what one turn does.
 *
 * <ol>
 *   <li>Machines that two listings no longer show are asked for by their id; that is a look, and passes every gate.
 *   <li>Behind a closed gate nothing else happens; where the cloud refuses our credentials one effect a minute is tried.
 *   <li>Below the wish: what was cancelled and is not yet settled is wanted again.
 *   <li>Above the wish: launches in flight are cancelled first.
 *   <li>Ends that were decided earlier are called, inside their pace.
 *   <li>Machines that did not run within their deadline are ended; disposable ones, ones that were unhealthy for too long and
 *       ones that the cloud says have failed are ended inside the repair pace, duplicates inside the cleanup pace.
 *   <li>Above the wish by machines that surely stay: the difference is ended; what does not run yet without pace.
 *   <li>Unanswered launches are repeated, unchanged, where that is safe, and where all that may be alive is not above the wish.
 *   <li>Below the wish by everything that may be alive: the difference is launched, as batches of one choice each, inside the
 *       launch pace, the breaker and what the choices have left.
 *   <li>Marks that are due are written; one of them carries the heartbeat.
 * </ol>
 */
public final class Planner {
    private static final Duration MARK_RETRY = Duration.ofSeconds(10);
    private static final Duration END_AGAIN = Duration.ofMinutes(5);
    private static final Duration PROBE = Duration.ofMinutes(1);

    private final PoolState pool;
    private final Optional<Template> template;
    private final boolean blind;
    private final Limits limits;
    private final Instant now;
    private final Census census;
    private final int desired;
    private final List<Action> actions = new ArrayList<>();
    private final Set<MachineName> dropped = new HashSet<>();
    private final Set<MachineId> ended = new HashSet<>();
    private final Map<String, String> guards = new LinkedHashMap<>();
    private final Map<Charge.Kind, Integer> spent = new LinkedHashMap<>();
    private long sequence;

    private Planner(PoolState pool, Optional<Template> template, boolean blind, Limits limits, Instant now) {
        this.pool = pool;
        this.template = template;
        this.blind = blind;
        this.limits = limits;
        this.now = now;
        this.census = Census.of(pool, blind, now);
        this.desired = pool.desired().map(wish -> wish.size()).orElse(0);
        this.sequence = pool.sequence();
    }

    /**
     * @param template empty while the document could not be resolved: nothing is launched
     * @param blind the last listing failed
     */
    public static Plan plan(PoolState pool, Optional<Template> template, boolean blind, Limits limits, Instant now) {
        return new Planner(pool, template, blind, limits, now).plan();
    }

    /** Whether the end of a machine that somebody named may be called at once: it is witnessed, and its pace allows it. */
    public static boolean mayCallNow(PoolState pool, MachineId id, Instant now) {
        Member member = java.util.Objects.requireNonNull(pool.members().get(id), "asked for a member");
        Limits none = new Limits(Duration.ZERO, Duration.ZERO, Optional.empty(), 1, Duration.ZERO);
        Planner planner = new Planner(pool, Optional.empty(), false, none, now);
        return planner.isWitnessed(member)
                && member.ending()
                        .map(end -> planner.mayEnd(end.ledger(), member, planner.charged(id)))
                        .orElse(false);
    }

    private Plan plan() {
        tellGuards();
        confirm(); // 1
        boolean probing = isProbe();
        if (!pool.mayAct() && !probing) { // 2
            return new Plan(actions, reason(), guards);
        }
        List<MachineId> kept = takeBack(); // 3
        cancel(); // 4
        callEnds(kept); // 5
        endUnfit(); // 6
        endSurplus(kept); // 7
        repeat(); // 8
        launch(); // 9
        mark(probing); // 10
        return new Plan(probing ? oneEffect() : actions, reason(), guards);
    }

    private String reason() {
        return "desired "
                + pool.desired().map(wish -> String.valueOf(wish.size())).orElse("unknown") + ", at most "
                + census.atMostAlive() + " alive, at least " + census.staying().size() + " staying, "
                + census.wanted().size() + " launching"
                + (census.cancelled().isEmpty() ? "" : ", " + census.cancelled().size() + " cancelled")
                + (blind ? ", the last listing failed" : "");
    }

    private void tellGuards() {
        pool.gates().values().forEach(gate -> guards.put(word(gate.kind().name()), gate.reason()));
        if (!pool.started()) {
            guards.put("stopped", "the pool is stopped");
        }
        if (blind) {
            guards.put("listing-failed", "the last listing failed: nothing is ended on its evidence");
        }
        if (!pool.watch().missing().isEmpty()) {
            guards.put("scope-missing", "not seen: " + pool.watch().missing().keySet());
        }
        if (pool.breaker().isOpen()) {
            guards.put("breaker", pool.breaker().text());
        }
        pool.exhausted().forEach((key, exhaustion) -> {
            if (exhaustion.until().isAfter(now)) {
                guards.merge("choices-exhausted", key + " until " + exhaustion.until(), (a, b) -> a + "; " + b);
            }
        });
    }

    static String word(String constant) {
        return constant.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private boolean isProbe() {
        return pool.started()
                && pool.gates().size() == 1
                && pool.gates().containsKey(Gate.Kind.UNAUTHORIZED)
                && pool.watch()
                        .lastProbe()
                        .map(last -> !now.isBefore(last.plus(PROBE)))
                        .orElse(true);
    }

    /** The first effect of the plan, for one machine, and what is no effect: looks, and changes of mind. */
    private List<Action> oneEffect() {
        Stream<Action> single = actions.stream().flatMap(action -> switch (action) {
            case Action.CallEnd call ->
                Stream.<Action>of(new Action.CallEnd(call.ids().subList(0, 1)));
            case Action.End end -> Stream.<Action>of(end);
            case Action.Mark mark ->
                Stream.<Action>of(new Action.Mark(mark.ids().subList(0, 1), List.of()));
            case Action.Repeat repeat -> Stream.<Action>of(repeat);
            case Action.Launch launch ->
                Stream.<Action>of(new Action.Launch(
                        launch.batch().only(launch.batch().names().subList(0, 1)), launch.probe(), launch.reason()));
            default -> Stream.<Action>empty();
        });
        return Stream.concat(actions.stream().filter(action -> !action.isEffect()), single.limit(1))
                .toList();
    }

    private void confirm() {
        long proven = 0;
        long covered = 0;
        List<Member> absent = new ArrayList<>();
        for (Member member : pool.members().values()) {
            if (!Census.isLit(pool, member.scope())) {
                continue;
            }
            if (!member.isLeaving()) {
                covered++;
            }
            Absence absence = member.absence().orElse(null);
            if (absence != null && absence.listings() >= 2) {
                absent.add(member);
                if (!member.isLeaving()) {
                    proven++;
                }
            }
        }
        boolean most = proven > 2 && proven * 2 > covered;
        if (most) {
            guards.put(
                    "most-missing",
                    proven + " of " + covered + " machines are missing: a third listing must confirm it");
        }
        List<MachineId> ids = absent.stream()
                .filter(member -> !most
                        || member.isLeaving()
                        || member.absence().map(Absence::listings).orElse(0) >= 3)
                .map(Member::id)
                .toList();
        if (!ids.isEmpty() && !blind) {
            actions.add(new Action.Confirm(ids));
        }
    }

    private List<MachineId> takeBack() {
        int short0 = desired - census.potential();
        if (short0 <= 0) {
            return List.of();
        }
        List<MachineId> endings =
                census.revocable().stream().map(Member::id).limit(short0).toList();
        List<MachineName> launches = census.cancelled().stream()
                .filter(launch -> launch.ender().isEmpty())
                .sorted(Comparator.comparing(Launch::decided).thenComparing(Launch::name))
                .map(Launch::name)
                .limit(short0 - endings.size())
                .toList();
        if (!endings.isEmpty() || !launches.isEmpty()) {
            actions.add(new Action.TakeBack(launches, endings));
        }
        return endings;
    }

    private void cancel() {
        int over = census.potential() - desired;
        if (over <= 0) {
            return;
        }
        List<MachineName> names = census.wanted().stream()
                .sorted(Comparator.<Launch, Boolean>comparing(launch -> launch.phase() != Launch.Phase.PLANNED)
                        .thenComparing(Launch::decided, Comparator.reverseOrder())
                        .thenComparing(Launch::name, Comparator.reverseOrder()))
                .limit(over)
                .map(Launch::name)
                .toList();
        if (!names.isEmpty()) {
            actions.add(new Action.Cancel(names));
            dropped.addAll(names);
        }
    }

    private void callEnds(List<MachineId> kept) {
        List<MachineId> calls = new ArrayList<>();
        for (Member member : pool.members().values()) {
            Ending end = member.ending().orElse(null);
            if (end == null || kept.contains(member.id()) || end.notBefore().isAfter(now)) {
                continue;
            }
            boolean due =
                    switch (end.phase()) {
                        case CALLING, UNANSWERED -> true;
                        case ACCEPTED -> isIgnored(member, end);
                        case PLANNED -> isWitnessed(member) && mayEnd(end.ledger(), member, charged(member.id()));
                    };
            if (due) {
                calls.add(member.id());
            }
        }
        if (!calls.isEmpty()) {
            actions.add(new Action.CallEnd(calls));
        }
    }

    /** Accepted long ago, and still there. */
    private boolean isIgnored(Member member, Ending end) {
        Instant settled = end.answered().orElse(now).plus(limits.lag()).plus(END_AGAIN);
        return member.lastSeen().isAfter(settled)
                && end.lastCall()
                        .map(last -> last.plus(END_AGAIN).isBefore(now))
                        .orElse(true);
    }

    private boolean isWitnessed(Member member) {
        return Victims.isWitnessed(pool, member);
    }

    private boolean charged(MachineId id) {
        return pool.charges().stream()
                .anyMatch(charge ->
                        charge.machine().equals(id.value()) && charge.answered().isEmpty());
    }

    private boolean mayEnd(Ledger ledger, Member member, boolean alreadyCharged) {
        Optional<Charge.Kind> kind = kindOf(ledger, member.state());
        if (kind.isEmpty() || alreadyCharged) {
            return true;
        }
        int used = spent.getOrDefault(kind.get(), 0);
        if (left(kind.get()) - used <= 0) {
            guards.put(
                    "pace-" + word(kind.get().name()), "as many ends as the pace allows are under way or were lately");
            return false;
        }
        spent.put(kind.get(), used + 1);
        return true;
    }

    /** Which pace an end is charged to; a machine that does not run yet, and one that never did, go without. */
    static Optional<Charge.Kind> kindOf(Ledger ledger, MachineState state) {
        return switch (ledger) {
            case WISH -> state == MachineState.RUNNING ? Optional.of(Charge.Kind.WISH) : Optional.empty();
            case REPAIR -> Optional.of(Charge.Kind.REPAIR);
            case CLEANUP -> Optional.of(Charge.Kind.CLEANUP);
            case CANCEL, NEVER_USEFUL -> Optional.empty();
        };
    }

    private int left(Charge.Kind kind) {
        return switch (kind) {
            case CLEANUP -> Budget.cleanupLeft(pool, census.running(), now);
            case REPAIR -> Budget.repairLeft(pool, sick(pool, now).size(), members(pool), census.running(), now);
            case WISH -> Budget.left(pool, kind, census.running(), now);
            case LAUNCH -> Budget.left(pool, kind, desired, now);
        };
    }

    private void endSurplus(List<MachineId> kept) {
        List<Member> staying = census.staying().stream()
                .filter(member -> !ended.contains(member.id()))
                .toList();
        int over = staying.size() - desired;
        if (over <= 0 || !kept.isEmpty()) {
            return;
        }
        int chosen = 0;
        for (Member victim : Victims.inOrder(pool, staying, now)) {
            if (chosen == over) {
                return;
            }
            boolean starting = victim.state() != MachineState.RUNNING;
            if (mayEnd(starting ? Ledger.CANCEL : Ledger.WISH, victim, false)) {
                ended.add(victim.id());
                actions.add(new Action.End(
                        victim.id(),
                        starting ? Ledger.CANCEL : Ledger.WISH,
                        "the pool is over its wish: " + staying.size() + " stay, " + desired + " are wanted; "
                                + (starting
                                        ? "it does not run yet"
                                        : word(pool.document().victimPolicy().name()) + " first")));
                chosen++;
            } else {
                return;
            }
        }
    }

    /**
     * Machines that are to be ended for repair: disposable, unhealthy for longer than the document allows, or failed by the cloud's
     * own word after they ran.
     */
    static List<Member> sick(PoolState pool, Instant now) {
        Optional<Duration> patience = pool.document().health().replaceAfter();
        return pool.members().values().stream()
                .filter(member -> !member.isLeaving() && member.membership().evictable())
                .filter(member -> member.membership().equals(MembershipStatus.DISPOSABLE)
                        || hasFailed(member)
                        || (member.service() == ServiceState.UNHEALTHY
                                && patience.isPresent()
                                && member.unhealthy()
                                        .map(since -> !now.isBefore(since.plus(patience.get())))
                                        .orElse(false)))
                .toList();
    }

    private static boolean hasFailed(Member member) {
        return member.state() == MachineState.REJECTED && member.running().isPresent();
    }

    static int members(PoolState pool) {
        return (int) pool.members().values().stream()
                .filter(member -> !member.isLeaving())
                .count();
    }

    private boolean mayBeJudged(Member member) {
        return !blind
                && !ended.contains(member.id())
                && member.ending().isEmpty()
                && member.absence().isEmpty()
                && Census.isLit(pool, member.scope())
                && member.membership().evictable()
                && isWitnessed(member);
    }

    private void endUnfit() {
        int atOnce = pool.document().pace().launch().of(desired);
        Duration boot = pool.document().timeouts().boot();
        String deadline = boot.toMinutes() > 0 ? boot.toMinutes() + " min" : boot.toSeconds() + " s";
        census.overdue().stream().filter(this::mayBeJudged).limit(atOnce).forEach(member -> {
            ended.add(member.id());
            actions.add(new Action.End(
                    member.id(), Ledger.NEVER_USEFUL, "it did not run within " + deadline + " of its launch"));
        });
        for (Member member : sick(pool, now)) {
            if (mayBeJudged(member) && mayEnd(Ledger.REPAIR, member, false)) {
                boolean disposable = member.membership().equals(MembershipStatus.DISPOSABLE);
                ended.add(member.id());
                actions.add(new Action.End(
                        member.id(),
                        Ledger.REPAIR,
                        disposable
                                ? "it is disposable"
                                : hasFailed(member)
                                        ? "the cloud says that it failed"
                                        : "it has been unhealthy since "
                                                + member.unhealthy().orElse(now)));
            }
        }
        for (Member member : pool.members().values()) {
            if (member.duplicate()
                    && !member.isLeaving()
                    && member.membership().active()
                    && mayBeJudged(member)
                    && mayEnd(Ledger.CLEANUP, member, false)) {
                actions.add(new Action.End(
                        member.id(),
                        Ledger.CLEANUP,
                        "another machine bears its name, "
                                + member.name().map(MachineName::value).orElse("")));
            }
        }
    }

    private void repeat() {
        if (pool.watch().throttled().filter(now::isBefore).isPresent() || isOverWish()) {
            return;
        }
        Map<BatchId, List<MachineName>> due = new LinkedHashMap<>();
        for (Launch launch : pool.launches().values()) {
            if (launch.holdsSlot()
                    && !launch.cancelled()
                    && !dropped.contains(launch.name())
                    && launch.repeats()
                    && isRepeatable(launch)) {
                due.computeIfAbsent(launch.batch(), id -> new ArrayList<>()).add(launch.name());
            }
        }
        due.forEach((id, names) -> {
            boolean whole = limits.tokenMemory().isPresent()
                    && batchOf(pool, id).names().stream().allMatch(this::mayBeAskedAgain);
            actions.add(new Action.Repeat(id, whole ? batchOf(pool, id).names() : names));
        });
    }

    /** More may be alive than are wanted: which of the unanswered launches are machines must show first. */
    private boolean isOverWish() {
        long gone = dropped.stream()
                .filter(name -> Optional.ofNullable(pool.launches().get(name))
                        .filter(launch -> launch.phase() == Launch.Phase.PLANNED)
                        .isPresent())
                .count();
        return census.atMostAlive() - gone > desired;
    }

    /** A name that was refused, or dropped before it was called, would be launched by asking for its whole batch again. */
    private boolean mayBeAskedAgain(MachineName name) {
        Launch launch = pool.launches().get(name);
        return launch == null
                ? pool.members().values().stream()
                        .anyMatch(member -> member.name().filter(name::equals).isPresent())
                : launch.holdsSlot() && !launch.cancelled() && !dropped.contains(name);
    }

    static Batch batchOf(PoolState pool, BatchId id) {
        return java.util.Objects.requireNonNull(pool.batches().get(id), "a launch outlives its batch");
    }

    private boolean isRepeatable(Launch launch) {
        if (launch.phase() == Launch.Phase.PLANNED) {
            return true;
        }
        if (limits.tokenMemory().isEmpty()) {
            return launch.absentSince().isPresent();
        }
        Instant first = launch.firstCall().orElse(launch.decided());
        Instant last = launch.lastCall().orElse(launch.decided());
        boolean remembered = now.isBefore(first.plus(limits.tokenMemory().get()));
        long waited = Math.max(2, Math.min(60, Duration.between(first, last).toSeconds() / 2));
        return remembered ? !now.isBefore(last.plusSeconds(waited)) : false;
    }

    private void launch() {
        int missing = desired - census.atMostAlive();
        if (missing <= 0) {
            return;
        }
        if (template.isEmpty()) {
            guards.put("template", "the document cannot be resolved against the cloud");
            return;
        }
        if (pool.watch().throttled().filter(now::isBefore).isPresent()) {
            guards.put(
                    "throttled",
                    "the cloud asked us to wait until "
                            + pool.watch().throttled().get());
            return;
        }
        boolean probe = pool.breaker().isOpen();
        int allowed = Math.min(missing, left(Charge.Kind.LAUNCH));
        if (probe) {
            boolean due = pool.breaker().probe().isEmpty()
                    && pool.breaker().nextProbe().map(at -> !now.isBefore(at)).orElse(true);
            allowed = due ? Math.min(1, allowed) : 0;
        } else if (allowed < missing) {
            guards.put("pace-launch", (missing - allowed) + " launches wait for the launch pace");
        }
        String why = missing + " missing: " + desired + " are wanted, at most " + census.atMostAlive() + " are alive";
        Spread.choose(pool, template.get(), allowed, now).forEach((choice, count) -> {
            for (int done = 0; done < count; done += limits.batchMax()) {
                int size = Math.min(limits.batchMax(), count - done);
                actions.add(new Action.Launch(batch(choice, size), probe, why));
            }
        });
    }

    private Batch batch(Choice choice, int size) {
        sequence++;
        BatchId id = Names.batch(pool.name(), pool.store(), sequence);
        List<MachineName> names = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            names.add(Names.machine(id, i));
        }
        Template pinned = template.orElseThrow();
        return new Batch(
                id,
                pool.name(),
                choice,
                pinned.frozen(),
                names,
                Marks.first(pool.name(), pool.store()),
                pinned.cloudProvider(),
                pinned.region());
    }

    /** @param probing a heartbeat is written before its time: where nothing else is to be done, it is the probe */
    private void mark(boolean probing) {
        if (blind) {
            return;
        }
        List<MachineId> ids = new ArrayList<>();
        for (Member member : pool.members().values()) {
            if (!member.isLeaving()
                    && isDue(member.marks())
                    && (member.absence().isEmpty() || isUnmarked(member))) {
                ids.add(member.id());
            }
        }
        List<MachineId> beat = new ArrayList<>();
        boolean beats = probing
                || pool.watch()
                        .heartbeat()
                        .map(last -> !now.isBefore(last.plus(Settler.HEARTBEAT)))
                        .orElse(true);
        if (beats) {
            census.staying().stream()
                    .filter(member ->
                            member.seen().isPresent() && !member.marks().unanswered())
                    .min(Comparator.comparing(Member::requested).thenComparing(Member::id))
                    .map(Member::id)
                    .ifPresent(id -> {
                        beat.add(id);
                        if (!ids.contains(id)) {
                            ids.add(id);
                        }
                    });
        }
        for (MachineId id : ids) {
            if (!beat.contains(id) && isTakenOver(id)) {
                beat.add(id); // whoever held it must see that somebody else does now
            }
        }
        if (!ids.isEmpty()) {
            actions.add(new Action.Mark(ids, beat));
        }
        List<MachineId> unmark = pool.released().entrySet().stream()
                .filter(entry -> isDue(entry.getValue().marks()))
                .map(Map.Entry::getKey)
                .toList();
        if (!unmark.isEmpty()) {
            actions.add(new Action.Unmark(unmark));
        }
    }

    private boolean isTakenOver(MachineId id) {
        return Optional.ofNullable(pool.members().get(id))
                .flatMap(Member::seen)
                .flatMap(row -> row.marks())
                .filter(marks -> !marks.store().equals(pool.store()))
                .isPresent();
    }

    /** No listing shows it, the cloud said that it is there, and its marks were not written since. */
    private static boolean isUnmarked(Member member) {
        return member.marks()
                .lastCall()
                .map(last -> last.isBefore(member.lastSeen()))
                .orElse(true);
    }

    private boolean isDue(MarkWrite write) {
        return write.due()
                && write.lastCall()
                        .map(last -> !now.isBefore(last.plus(MARK_RETRY)))
                        .orElse(true);
    }
}
