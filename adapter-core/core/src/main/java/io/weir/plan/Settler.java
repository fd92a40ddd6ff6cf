package io.weir.plan;

import io.weir.pool.Absence;
import io.weir.pool.Author;
import io.weir.pool.Batch;
import io.weir.pool.Charge;
import io.weir.pool.CloudMachine;
import io.weir.pool.Desired;
import io.weir.pool.Ending;
import io.weir.pool.Foreign;
import io.weir.pool.Gate;
import io.weir.pool.Gone;
import io.weir.pool.LateRefusal;
import io.weir.pool.Launch;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.MarkWrite;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Observation;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolState;
import io.weir.pool.Scope;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a listing does to what a pool knows. Nothing here is an effect on the cloud.
 *
 * <ol>
 *   <li>The listing is noted: what it missed, whether it was complete.
 *   <li>Every row meets the store: a member is sighted; a launch in flight that shows is a member; an id that is dead stays
 *       dead; an id that was released stays released; a machine of an adopted store is adopted; a machine with our mark that
 *       nobody launched is a stray, told of and left alone.
 *   <li>Late refusals answer the launches they speak of. What the cloud still shows of a refused one is ended.
 *   <li>What a listing that covers the scope does not show is a step nearer to being absent. Two such listings, far enough
 *       apart and begun after everything that may still land, make an absence (three, where more than half of the pool is
 *       missing); a launch is then settled, a member is asked for by its id first.
 *   <li>A launch that was unanswered for too long in a dark scope is given up: it holds no slot, and is looked for.
 *   <li>Of machines with one name the one in service is kept, else the running one, else the oldest.
 *   <li>Other stores: a fresh heartbeat on a machine of ours is a conflict; a silent store's machines are adopted by the heir.
 *   <li>A store that did not know the pool learns its size from complete listings over lag + late bound.
 *   <li>What is too old to matter is forgotten.
 * </ol>
 */
public final class Settler {
    /** How long dead ids, absent launches and unseen released ids are remembered. */
    static final Duration MEMORY = Duration.ofHours(2);
    /** A heartbeat is written this often; twice as long without one is silence. */
    public static final Duration HEARTBEAT = Duration.ofMinutes(5);
    /** An adopted store may still write for so long, until it has seen that it was adopted. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final PoolEdit pool;
    private final Observation seen;
    private final Limits limits;
    private final Instant now;
    private final Set<MachineId> shown = new HashSet<>();
    private final Set<MachineName> shownNames = new HashSet<>();
    private int activeSeen;
    private boolean foreignSeen;

    private Settler(PoolEdit pool, Observation seen, Limits limits) {
        this.pool = pool;
        this.seen = seen;
        this.limits = limits;
        this.now = pool.now();
    }

    public static void settle(PoolEdit pool, Observation seen, Limits limits) {
        new Settler(pool, seen, limits).settle();
    }

    private void settle() {
        Optional<Instant> before = pool.watch.lastListing();
        noteListing(); // 1
        seen.machines().stream().sorted(Comparator.comparing(CloudMachine::id)).forEach(this::meet); // 2
        seen.refusals().forEach(this::refuse); // 3
        absences(); // 4
        giveUps(); // 5
        resolveNames(); // 6
        otherStores(); // 7
        learnSize(); // 8
        provenUseful(before);
        Launching.forgetProbe(pool);
        forget(); // 9
    }

    private void noteListing() {
        Watch was = pool.watch;
        TreeMap<Scope, Instant> missing = new TreeMap<>();
        for (Scope scope : seen.missing()) {
            Instant since = was.missing().get(scope);
            if (since == null) {
                pool.tell("scope.missing", scope + " cannot be seen: its machines are presumed alive");
            }
            missing.put(scope, since == null ? now : since);
        }
        for (Scope scope : was.missing().keySet()) {
            if (!missing.containsKey(scope)) {
                pool.tell("scope.returned", scope + " can be seen again");
            }
        }
        TreeSet<Scope> lost = new TreeSet<>(was.lost());
        lost.retainAll(missing.keySet());
        Optional<Instant> firstComplete =
                seen.isComplete() ? was.firstComplete().or(() -> Optional.of(seen.begun())) : Optional.empty();
        pool.watch = new Watch(
                was.created(),
                pool.desired.isPresent() && !pool.gates.has(Gate.Kind.SIZE_UNKNOWN)
                        ? was.firstComplete().or(() -> firstComplete)
                        : firstComplete,
                Optional.of(seen.begun()),
                missing,
                lost,
                was.heartbeat(),
                was.acted(),
                was.slowRepairs(),
                was.throttled(),
                was.lastProbe());
    }

    /** One that names an id speaks of what this listing shows, and of nothing else: a listing may contradict itself. */
    private void refuse(LateRefusal refusal) {
        Optional<Member> member = pool.members.value().values().stream()
                .filter(one -> speaksOf(refusal, one))
                .findFirst();
        if (member.isPresent()) {
            refuse(refusal, member.get());
        } else if (refusal.id().isEmpty()) {
            pool.launches
                    .get(refusal.name())
                    .filter(one -> one.holdsSlot() || one.phase() == Launch.Phase.GIVEN_UP)
                    .ifPresent(launch -> Launching.refuse(pool, launch, refusal.kind(), refusal.text()));
        }
    }

    private void refuse(LateRefusal refusal, Member lost) {
        boolean remains = lost.state() == MachineState.REJECTED && shown.contains(lost.id());
        if (remains && !lost.membership().evictable()) {
            return; // somebody wants to look at it
        }
        if (!remains) {
            bury(lost, MachineState.REJECTED, "the cloud took the launch back: " + refusal.text());
        }
        if (lost.ending().isEmpty()) {
            Failures.refused(pool, lost.choice(), refusal.name(), refusal.kind(), refusal.text());
            if (remains) {
                end(lost, refusal);
            }
        }
    }

    private boolean speaksOf(LateRefusal refusal, Member member) {
        boolean named = refusal.id()
                .map(id -> id.equals(member.id()) && shown.contains(id))
                .orElseGet(() -> member.name().filter(refusal.name()::equals).isPresent());
        return named && !isShownStarted(member.id());
    }

    /** A machine that the same listing shows alive is not the one that failed: its twin is. */
    private boolean isShownStarted(MachineId id) {
        return seen.machines().stream()
                .anyMatch(row -> row.id().equals(id) && row.state().isStarted());
    }

    /** A launch that failed after it was accepted, and of which the cloud keeps something that takes room. */
    private void end(Member lost, LateRefusal refusal) {
        String why = "the cloud took the launch back: " + refusal.kind() + ", " + refusal.text();
        pool.members.put(lost.id(), lost.with(Optional.of(Ending.planned(Ledger.CANCEL, why, Author.WEIR, now))));
        Launching.close(pool, lost.id());
        pool.tell("machine.end-decided", lost.id() + ": " + why, lost.id());
    }

    private void meet(CloudMachine row) {
        shown.add(row.id());
        if (pool.dead.has(row.id())) {
            return;
        }
        row.name().ifPresent(shownNames::add);
        if (row.state().isAllocated()
                && row.marks()
                        .map(Marks::membership)
                        .orElse(MembershipStatus.DEFAULT)
                        .active()) {
            activeSeen++;
        }
        Optional<PoolState.Released> released = pool.released.get(row.id());
        if (released.isPresent()) {
            meetReleased(row, released.get());
            return;
        }
        Optional<Member> member = pool.members.get(row.id());
        if (member.isPresent()) {
            sight(member.get(), row);
            return;
        }
        Optional<Member> back = pool.lost.get(row.id());
        if (back.isPresent()) {
            pool.lost.remove(row.id());
            pool.tell("machine.returned", row.id() + " of a scope that was declared lost is there", row.id());
            sight(back.get(), row);
            return;
        }
        Optional<Launch> launch = row.name().flatMap(pool.launches::get);
        if (launch.isPresent()) {
            claim(launch.get(), row);
        } else {
            meetUnknown(row);
        }
    }

    private void sight(Member member, CloudMachine row) {
        Member sighted = member.sighted(row, seen.begun());
        if (sighted.state() == MachineState.TERMINATED) {
            pool.members.put(sighted.id(), sighted);
            if (seen.refusals().stream().anyMatch(refusal -> speaksOf(refusal, sighted))) {
                return; // why it ended is told there
            }
            bury(sighted, MachineState.TERMINATED, "the cloud shows it terminated");
            return;
        }
        if (member.running().isEmpty() && sighted.running().isPresent()) {
            pool.tell("machine.running", row.id() + " runs", row.id());
        }
        if (member.ending().isEmpty()
                && member.state() != MachineState.TERMINATING
                && sighted.state() == MachineState.TERMINATING) {
            pool.tell("machine.ending", row.id() + " is being ended by somebody else", row.id());
        }
        noteWriter(row);
        pool.members.put(sighted.id(), checkMarks(sighted, row));
    }

    /** Another store wrote on a machine of ours: one that beats is alive, and thinks that the machine is its own. */
    private void noteWriter(CloudMachine row) {
        if (row.pool().filter(pool.name::equals).isPresent()) {
            row.marks()
                    .filter(marks -> !marks.store().equals(pool.store))
                    .filter(marks -> marks.heartbeat().isPresent())
                    .ifPresent(marks -> note(marks.store(), marks.heartbeat()));
        }
    }

    /** A row of a listing begun after the last write and the lag that shows other marks than ours: write them again. */
    private Member checkMarks(Member member, CloudMachine row) {
        MarkWrite write = member.marks();
        Instant settled = write.lastCall().orElse(member.since()).plus(limits.lag());
        if (write.unanswered()) {
            settled = settled.plus(limits.lateness());
        }
        if (!seen.begun().isAfter(settled) || member.isLeaving()) {
            return member;
        }
        boolean same = row.pool().filter(pool.name::equals).isPresent()
                && row.marks()
                        .filter(marks -> marks.store().equals(pool.store)
                                && marks.service() == member.service()
                                && marks.membership().equals(member.membership()))
                        .isPresent();
        if (same) {
            return write.due() || write.unanswered()
                    ? member.with(new MarkWrite(write.revision(), write.lastCall(), false, false))
                    : member;
        }
        return member.with(write.makeDue());
    }

    private void meetReleased(CloudMachine row, PoolState.Released released) {
        MarkWrite write = released.marks();
        Instant settled = write.lastCall().orElse(released.at()).plus(limits.lag());
        boolean bearsOurs = row.pool().filter(pool.name::equals).isPresent();
        long revision = row.marks().map(Marks::revision).orElse(0L);
        MarkWrite now = write.atLeast(revision);
        pool.released.put(
                row.id(),
                new PoolState.Released(
                        released.at(), seen.begun(), bearsOurs && seen.begun().isAfter(settled) ? now.makeDue() : now));
    }

    private void claim(Launch launch, CloudMachine row) {
        Batch batch = pool.batches.get(launch.batch()).orElseThrow();
        Member member = Launching.member(pool, launch, batch, row.id(), seen.begun());
        pool.tell(
                launch.phase() == Launch.Phase.ABSENT || launch.phase() == Launch.Phase.GIVEN_UP
                        ? "launch.late"
                        : "launch.seen",
                launch.name() + " is " + row.id() + launchNote(launch),
                row.id());
        sight(member, row);
    }

    private static String launchNote(Launch launch) {
        return switch (launch.phase()) {
            case ABSENT -> ", though it was held to be absent";
            case GIVEN_UP -> ", though it was given up";
            default -> ", though its launch was never answered";
        };
    }

    private void meetUnknown(CloudMachine row) {
        if (row.state() == MachineState.TERMINATED) {
            return;
        }
        Optional<StoreId> writer = row.marks().map(Marks::store);
        if (writer.isEmpty()) {
            stray(row, "its marks cannot be read");
        } else if (writer.get().equals(pool.store)) {
            boolean twin = row.name().isPresent()
                    && pool.members.value().values().stream()
                            .anyMatch(member -> member.name().equals(row.name()));
            if (twin) {
                adopt(
                        row,
                        "machine.duplicate",
                        "bears the name of another machine: " + row.name().get());
            } else {
                stray(row, "it bears our mark, and nobody launched it");
            }
        } else {
            meetForeign(row, writer.get());
        }
    }

    /** A mark of another store was seen. */
    private Foreign note(StoreId writer, Optional<Instant> beat) {
        boolean unknownPool = pool.gates.has(Gate.Kind.SIZE_UNKNOWN);
        Foreign was = pool.foreign
                .get(writer)
                .orElseGet(() -> new Foreign(now, now, Optional.empty(), now, unknownPool, false, Optional.empty()));
        boolean newer =
                beat.isPresent() && was.heartbeat().map(beat.get()::isAfter).orElse(true);
        Foreign is = new Foreign(
                was.firstSeen(),
                now,
                newer ? beat : was.heartbeat(),
                newer ? now : was.silentSince(),
                was.heir(),
                was.adopted(),
                Optional.empty());
        pool.foreign.put(writer, is);
        return is;
    }

    private void meetForeign(CloudMachine row, StoreId writer) {
        Optional<Instant> beat = row.marks().flatMap(Marks::heartbeat);
        Foreign is = note(writer, beat);
        if (is.adopted()) {
            adopt(row, "machine.adopted", "of store " + writer + ", which was adopted");
        } else {
            foreignSeen = foreignSeen || is.heir();
            if (!is.heir()) {
                stray(row, "it bears the mark of store " + writer + ", which we do not know");
            }
        }
    }

    /** Makes a machine that was not launched by this store a member. */
    private void adopt(CloudMachine row, String kind, String why) {
        Marks marks = row.marks().orElseGet(() -> Marks.first(pool.name, pool.store));
        MembershipStatus membership = marks.membership();
        Member member = new Member(
                row.id(),
                row.name(),
                row.choice(),
                row.state(),
                Optional.of(row),
                now,
                row.requestTime().orElse(now),
                row.state() == MachineState.RUNNING ? Optional.of(seen.begun()) : Optional.empty(),
                seen.begun(),
                membership,
                Optional.empty(),
                marks.service(),
                marks.service() == ServiceState.UNHEALTHY ? Optional.of(now) : Optional.empty(),
                new MarkWrite(marks.revision(), Optional.empty(), !marks.store().equals(pool.store), false),
                Optional.empty(),
                Optional.empty(),
                false,
                row.cloudProvider(),
                row.region());
        pool.members.put(row.id(), member);
        pool.strays.remove(row.id());
        pool.tell(kind, row.id() + " " + why, row.id());
    }

    private void stray(CloudMachine row, String why) {
        Optional<PoolState.Stray> was = pool.strays.get(row.id());
        if (was.isEmpty()) {
            pool.tell("machine.stray", row.id() + " is left alone and not counted: " + why, row.id());
        }
        pool.strays.put(
                row.id(),
                new PoolState.Stray(was.map(PoolState.Stray::firstSeen).orElse(now), seen.begun(), why));
    }

    private void absences() {
        List<Member> missing = new ArrayList<>();
        int covered = 0;
        int proven = 0;
        boolean news = false;
        for (Member member : pool.members.all()) {
            if (!seen.covers(member.scope())) {
                continue;
            }
            if (!member.isLeaving()) {
                covered++;
            }
            if (shown.contains(member.id())) {
                continue;
            }
            Instant settled = member.isUnanswered() ? member.lastCall().plus(limits.lateness()) : member.lastCall();
            if (!seen.begun().isAfter(settled) || !seen.begun().isAfter(member.lastSeen())) {
                continue;
            }
            Absence absence = member.absence().orElse(null);
            if (absence == null || absence.first().isBefore(settled)) {
                absence = new Absence(seen.begun(), seen.begun(), 1);
                news |= !member.isLeaving();
            } else if (!seen.begun().isBefore(absence.last().plus(limits.spacing()))) {
                absence = absence.again(seen.begun());
            }
            Member absent = member.absent(Optional.of(absence));
            pool.members.put(member.id(), absent);
            missing.add(absent);
            if (!member.isLeaving()) {
                proven++;
            }
        }
        if (news && proven > 2 && proven * 2 > covered) {
            pool.tell(
                    "members.missing",
                    proven + " of " + covered + " machines are not in the listing: a third listing must confirm it");
        }
        for (Launch launch : pool.launches.all()) {
            absence(launch);
        }
    }

    private void absence(Launch launch) {
        if (!launch.isOpen() && launch.phase() != Launch.Phase.GIVEN_UP) {
            return;
        }
        Batch batch = pool.batches.get(launch.batch()).orElseThrow();
        if (shownNames.contains(launch.name()) || !seen.covers(batch.choice().scope())) {
            return;
        }
        Instant settled =
                launch.lastCall().orElse(launch.decided()).plus(limits.lag()).plus(limits.lateness());
        if (launch.phase() == Launch.Phase.CALLING) {
            settled = settled.plus(limits.callBound());
        }
        if (!seen.begun().isAfter(settled)) {
            return;
        }
        if (launch.absentSince().isEmpty()) {
            pool.launches.put(launch.name(), launch.absentSince(Optional.of(seen.begun())));
        } else if (!seen.begun().isBefore(launch.absentSince().get().plus(limits.spacing()))) {
            pool.launches.put(launch.name(), launch.in(Launch.Phase.ABSENT));
            pool.tell("launch.absent", launch.name() + " was never answered and does not exist", launch.name());
            Launching.close(pool, launch.name());
        }
    }

    private void giveUps() {
        Duration patience = pool.document().timeouts().giveUp();
        for (Launch launch : pool.launches.all()) {
            if (!launch.isOpen()) {
                continue;
            }
            Batch batch = pool.batches.get(launch.batch()).orElseThrow();
            Instant dark = pool.watch.missing().get(batch.choice().scope());
            if (dark != null
                    && !now.isBefore(dark.plus(patience))
                    && !now.isBefore(launch.firstCall().orElse(launch.decided()).plus(patience))) {
                pool.launches.put(launch.name(), launch.in(Launch.Phase.GIVEN_UP));
                pool.tell(
                        "launch.given-up",
                        launch.name() + " was unanswered for " + patience.toMinutes() + " min while "
                                + batch.choice().scope() + " cannot be seen: its slot counts again elsewhere",
                        launch.name());
                Launching.close(pool, launch.name());
            }
        }
    }

    private void resolveNames() {
        Map<MachineName, List<Member>> byName = new HashMap<>();
        for (Member member : pool.members.value().values()) {
            if (member.name().isPresent() && !member.isLeaving()) {
                byName.computeIfAbsent(member.name().get(), name -> new ArrayList<>())
                        .add(member);
            }
        }
        for (List<Member> twins : byName.values()) {
            if (twins.size() == 1) {
                Member only = twins.get(0);
                if (only.duplicate()) {
                    pool.members.put(only.id(), only.duplicate(false));
                }
                continue;
            }
            Member kept = twins.stream()
                    .min(Comparator.<Member, Boolean>comparing(twin -> twin.service() != ServiceState.IN_SERVICE)
                            .thenComparing(twin -> twin.ending().isPresent())
                            .thenComparing(twin -> twin.state() != MachineState.RUNNING)
                            .thenComparing(Member::requested)
                            .thenComparing(Member::id))
                    .orElseThrow();
            for (Member twin : twins) {
                boolean duplicate = !twin.id().equals(kept.id());
                if (twin.duplicate() != duplicate) {
                    pool.members.put(twin.id(), twin.duplicate(duplicate));
                }
            }
        }
    }

    private void otherStores() {
        boolean unknownPool = pool.gates.has(Gate.Kind.SIZE_UNKNOWN);
        for (StoreId writer : pool.foreign.keys()) {
            Foreign other = unseen(writer, pool.foreign.get(writer).orElseThrow());
            if (other.heir() && !other.adopted() && !unknownPool) {
                Optional<Duration> patience = pool.document().timeouts().adoptAfter();
                if (patience.isPresent() && !now.isBefore(other.silentSince().plus(patience.get()))) {
                    adopt(pool, writer, Author.WEIR);
                    for (CloudMachine row : seen.machines()) {
                        if (row.marks().map(Marks::store).filter(writer::equals).isPresent()
                                && !pool.members.has(row.id())
                                && !pool.dead.has(row.id())
                                && !pool.released.has(row.id())
                                && row.state().isStarted()) {
                            adopt(row, "machine.adopted", "of store " + writer + ", which is silent");
                        }
                    }
                }
            }
        }
        Optional<String> conflict = conflict(unknownPool);
        if (conflict.isPresent() && !pool.gates.has(Gate.Kind.FOREIGN_STORE)) {
            pool.gates.put(
                    Gate.Kind.FOREIGN_STORE, new Gate(Gate.Kind.FOREIGN_STORE, now, conflict.get(), Author.WEIR));
            pool.tell("guard.closed", "no effect passes: " + conflict.get());
        } else if (conflict.isEmpty() && pool.gates.has(Gate.Kind.FOREIGN_STORE) && seen.isComplete()) {
            pool.gates.remove(Gate.Kind.FOREIGN_STORE);
            pool.tell("guard.opened", "no other store is in the way any more");
        }
    }

    /** What this listing says of another store's absence. */
    private Foreign unseen(StoreId writer, Foreign other) {
        if (!seen.isComplete() || !other.lastSeen().isBefore(now)) {
            return other;
        }
        Absence was = other.absence().orElse(null);
        Absence is = was == null
                ? new Absence(seen.begun(), seen.begun(), 1)
                : seen.begun().isBefore(was.last().plus(limits.spacing())) ? was : was.again(seen.begun());
        Foreign later = other.unseen(is);
        if (!is.equals(was)) {
            pool.foreign.put(writer, later);
        }
        return later;
    }

    private Optional<String> conflict(boolean unknownPool) {
        for (StoreId writer : pool.foreign.keys()) {
            Foreign other = pool.foreign.get(writer).orElseThrow();
            if (other.heir() && !other.adopted() && (!other.isGone() || !seen.isComplete()) && !unknownPool) {
                return Optional.of("machines of this pool bear the id of store " + writer
                        + "; they are adopted by POST adopt, or once it has been silent for long enough");
            }
            boolean beats = other.heartbeat().isPresent()
                    && other.heartbeat().get().isAfter(other.firstSeen().minus(HEARTBEAT.multipliedBy(2)))
                    && now.isBefore(other.silentSince().plus(HEARTBEAT.multipliedBy(2)));
            if (beats) {
                return Optional.of(
                        "store " + writer + " is alive on a machine of this pool: two adapters hold one pool;"
                                + " stop one of them, or POST adopt on the one that shall keep it");
            }
        }
        return Optional.empty();
    }

    /** From now on the machines of another store are ours: those seen now, and later ones. */
    public static void adopt(PoolEdit pool, StoreId writer, Author by) {
        Foreign other = pool.foreign.get(writer).orElseThrow();
        pool.foreign.put(
                writer,
                new Foreign(
                        other.firstSeen(),
                        other.lastSeen(),
                        Optional.of(pool.now().plus(GRACE)),
                        pool.now().minus(HEARTBEAT.multipliedBy(2)),
                        false,
                        true,
                        Optional.empty()));
        for (MachineId id : pool.strays.keys()) {
            pool.strays.remove(id);
        }
        pool.tell("store.adopted", "the machines of store " + writer + " are ours from now on", Optional.empty(), by);
    }

    /**
     * An operator says that the machines of a scope that cannot be seen are no more. They leave the count at once, and are
     * members again should they show.
     */
    public static void scopeLost(PoolEdit pool, Scope scope, Author by) {
        if (!pool.watch.missing().containsKey(scope)) {
            return;
        }
        for (Member member : pool.members.all()) {
            if (member.scope().equals(scope)) {
                pool.members.remove(member.id());
                pool.lost.put(member.id(), member);
                pool.goneAdd(
                        gone(member, MachineState.TERMINATED, "declared lost with " + scope + " by " + by, pool.now()));
                Launching.close(pool, member.id());
            }
        }
        for (Launch launch : pool.launches.all()) {
            boolean there = pool.batches
                    .get(launch.batch())
                    .filter(batch -> batch.choice().scope().equals(scope))
                    .isPresent();
            if (there && launch.isOpen()) {
                pool.launches.put(launch.name(), launch.in(Launch.Phase.GIVEN_UP));
                Launching.close(pool, launch.name());
            }
        }
        TreeSet<Scope> lost = new TreeSet<>(pool.watch.lost());
        lost.add(scope);
        Watch was = pool.watch;
        pool.watch = new Watch(
                was.created(),
                was.firstComplete(),
                was.lastListing(),
                was.missing(),
                lost,
                was.heartbeat(),
                was.acted(),
                was.slowRepairs(),
                was.throttled(),
                was.lastProbe());
        pool.tell("scope.lost", scope + " is declared lost: its machines leave the count", Optional.empty(), by);
    }

    private void learnSize() {
        if (!pool.gates.has(Gate.Kind.SIZE_UNKNOWN)
                || pool.watch.firstComplete().isEmpty()) {
            return;
        }
        Instant sure = pool.watch.firstComplete().get().plus(limits.lag()).plus(limits.lateness());
        if (!seen.isComplete() || seen.begun().isBefore(sure)) {
            return;
        }
        pool.gates.remove(Gate.Kind.SIZE_UNKNOWN);
        if (pool.desired.isPresent()) {
            pool.tell(
                    "size.learned",
                    "the size is the wish posted meanwhile: "
                            + pool.desired.get().size());
        } else {
            int size = activeSeen > 0 ? activeSeen : pool.document().size();
            pool.desired = Optional.of(new Desired(size, 1, Author.WEIR.toString(), now, Optional.empty()));
            pool.tell(
                    "size.learned",
                    activeSeen > 0
                            ? "the size is " + size + ": so many active machines bear the mark of this pool"
                            : "no machine bears the mark of this pool: it starts at its first size, " + size);
        }
        if (foreignSeen) {
            otherStores();
        }
    }

    /** A machine that has run for as long as the young die is useful. */
    private void provenUseful(Optional<Instant> before) {
        Duration young = pool.document().timeouts().young();
        for (Member member : pool.members.value().values()) {
            Optional<Instant> proof = member.running().map(at -> at.plus(young));
            boolean relevant = member.state() == MachineState.RUNNING
                    && proof.isPresent()
                    && !seen.begun().isBefore(proof.get())
                    && before.map(proof.get()::isAfter).orElse(true);
            if (relevant && pool.breaker.open().map(member.requested()::isAfter).orElse(true)) {
                Failures.useful(pool);
                return;
            }
        }
    }

    private void forget() {
        forget(pool, now);
        for (MachineId id : pool.strays.keys()) {
            PoolState.Stray stray = pool.strays.get(id).orElseThrow();
            if (stray.lastSeen().plus(MEMORY).isBefore(now)) {
                pool.strays.remove(id);
            }
        }
        for (MachineId id : pool.released.keys()) {
            if (pool.released.get(id).orElseThrow().lastSeen().plus(MEMORY).isBefore(now)) {
                pool.released.remove(id);
            }
        }
    }

    static void forget(PoolEdit pool, Instant now) {
        for (MachineId id : pool.dead.keys()) {
            if (pool.dead.get(id).orElseThrow().plus(MEMORY).isBefore(now)) {
                pool.dead.remove(id);
            }
        }
        for (Launch launch : pool.launches.all()) {
            if (launch.phase() == Launch.Phase.ABSENT
                    && launch.lastCall().orElse(launch.decided()).plus(MEMORY).isBefore(now)) {
                pool.launches.remove(launch.name());
            }
        }
        Set<io.weir.pool.BatchId> inUse = new HashSet<>();
        pool.launches.value().values().forEach(launch -> inUse.add(launch.batch()));
        for (Batch batch : pool.batches.all()) {
            if (!inUse.contains(batch.id())) {
                pool.batches.remove(batch.id());
            }
        }
        Instant shownSince = now.minus(pool.document().timeouts().show());
        if (pool.gone.stream().anyMatch(gone -> gone.at().isBefore(shownSince))) {
            pool.gone = pool.gone.stream()
                    .filter(gone -> !gone.at().isBefore(shownSince))
                    .toList();
        }
        if (pool.charges.stream().anyMatch(charge -> isSpent(charge, now))) {
            pool.charges = pool.charges.stream()
                    .filter(charge -> !isSpent(charge, now))
                    .toList();
        }
        if (pool.hold.filter(hold -> !hold.until().isAfter(now)).isPresent()) {
            pool.tell("size.hold-ended", "the hold by " + pool.hold.get().by() + " is over");
            pool.hold = Optional.empty();
        }
    }

    private static boolean isSpent(Charge charge, Instant now) {
        Duration memory = charge.kind() == Charge.Kind.REPAIR ? Budget.MEMORY : Duration.ofMinutes(11);
        return charge.answered().map(at -> at.plus(memory).isBefore(now)).orElse(false);
    }

    private void bury(Member member, MachineState as, String text) {
        Launching.bury(pool, member, as, text);
    }

    /** The cloud was asked for one machine by its id. Empty: it says that there is none. */
    public static void confirmed(PoolEdit pool, MachineId id, Optional<CloudMachine> found) {
        Optional<Member> asked = pool.members.get(id);
        if (asked.isEmpty()) {
            return;
        }
        Member member = asked.get();
        if (found.isEmpty() || found.get().state() == MachineState.TERMINATED) {
            Launching.bury(
                    pool, member, MachineState.TERMINATED, "no listing shows it, and the cloud says that it is gone");
            return;
        }
        pool.tell(
                "machine.hidden",
                id + " is not listed, but the cloud says that it exists: it stays a member and is marked again",
                id);
        Member there = member.sighted(found.get(), pool.now());
        pool.members.put(id, there.with(there.marks().makeDue()));
    }

    static Gone gone(Member member, MachineState as, String text, Instant at) {
        return new Gone(
                Optional.of(member.id()),
                member.name(),
                as,
                member.choice(),
                text,
                at,
                member.seen(),
                member.cloudProvider(),
                member.region());
    }
}
