package io.weir.kit.simulation;

import io.weir.pool.Author;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MembershipStatus;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Judges a run by the cloud's ledger.
 *
 * <ol>
 *   <li>Two machines of one name are never alive together where the cloud has tokens; elsewhere they are counted, and gone at the
 *       end.
 *   <li>No launch takes the machines that are alive above the highest wish in force while it was under way, those out of service,
 *       those that were given up or declared lost, and those of another adapter.
 *   <li>Every end that was asked for was decided, for a reason: a surplus that was there, by the ledger, when it was decided; a
 *       machine that did not run within its deadline; one told to be unfit; a twin; an operator's call.
 *   <li>What may not be terminated is not, and what was detached neither.
 *   <li>No pace is exceeded.
 * </ol>
 */
final class Judge {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TEN = Duration.ofMinutes(10);

    private final World world;
    private final Testimony testimony;
    private final List<LedgerLine> lines;
    private final Map<String, LedgerLine> byId = new HashMap<>();
    /** How old what the pool knows may be: the lag, an interval and a turn of slow calls. */
    private final Duration stale;
    /** The same where listings failed or scopes were missing. */
    private final Duration unseen;
    /** How long a launch may be under way after its wish was lowered. */
    private final Duration underWay;

    Judge(World world) {
        this.world = world;
        this.testimony = world.testimony;
        this.lines = world.cloud.ledger();
        lines.forEach(line -> byId.put(line.id(), line));
        this.stale = world.promises.lag().plusSeconds(90).plus(world.scenario.quiet());
        this.unseen = stale.plusHours(1);
        this.underWay = world.promises.lateness().plusSeconds(60);
    }

    void judge() {
        twins();
        tooMany();
        ends();
        paces();
        world.tally.count("machines launched", lines.size());
        world.tally.count(
                "machines ended",
                lines.stream().filter(line -> line.ended() != null).count());
    }

    private void accuse(String what) {
        world.accusations.add(what);
    }

    private static String at(Instant at) {
        return VirtualClock.shown(at);
    }

    // 1

    private void twins() {
        Map<String, List<LedgerLine>> byName = new HashMap<>();
        lines.forEach(line ->
                byName.computeIfAbsent(line.name(), name -> new ArrayList<>(1)).add(line));
        for (List<LedgerLine> same : byName.values()) {
            for (int i = 1; i < same.size(); i++) {
                for (int j = 0; j < i; j++) {
                    LedgerLine later = same.get(i);
                    if (same.get(j).isAliveAt(later.launched()) && lived(later)) {
                        world.tally.count(
                                world.scenario.cloud().tokens()
                                        ? "doubles of one name, tokens on"
                                        : "doubles of one name, tokens off",
                                1);
                        if (world.scenario.cloud().tokens()) {
                            accuse("double: " + same.get(j).id() + " and " + later.id() + " are both " + later.name()
                                    + " at " + at(later.launched()));
                        }
                    }
                }
            }
        }
    }

    private static boolean lived(LedgerLine line) {
        return line.isAliveAt(line.launched());
    }

    // 2

    private void tooMany() {
        for (LedgerLine launched : lines) {
            if (!lived(launched) || world.console.contains(launched.id())) {
                continue;
            }
            Instant at = launched.launched();
            int alive = 0;
            int extra = 0;
            StringBuilder who = new StringBuilder();
            for (LedgerLine line : lines) {
                if (!line.isAliveAt(at) || testimony.isReleased(line.id(), at)) {
                    continue;
                }
                if (world.console.contains(line.id()) && !testimony.wasMember(line.id(), at)) {
                    continue;
                }
                alive++;
                boolean free = !testimony.membership(line.id(), at).active()
                        || testimony.givenUp.contains(line.name())
                        || testimony.lost.containsKey(line.id());
                if (free) {
                    extra++;
                }
                who.append(' ').append(line.id()).append(free ? "(free)" : "");
            }
            int wish = testimony.highestWish(at.minus(underWay), at);
            if (alive - extra > wish) {
                String kind = world.scenario.cloud().tokens() ? "tokens on" : "tokens off";
                world.tally.count("alive above the wish, " + kind, 1);
                if (world.scenario.cloud().tokens()) {
                    accuse("too many: the launch of " + launched.name() + " as " + launched.id() + " at " + at(at)
                            + " makes " + alive + " alive, " + extra + " of them beside the wish; the highest wish is "
                            + wish + ":" + who);
                    return;
                }
            }
        }
    }

    // 3 and 4

    private void ends() {
        for (LedgerLine line : lines) {
            if (line.terminating() == null) {
                continue;
            }
            if (testimony.decisions.getOrDefault(line.id(), List.of()).isEmpty()) {
                accuse("an end that nobody decided: " + line.id() + " at " + at(line.terminating()));
            }
            Instant ended = line.terminating();
            if (testimony.isReleased(line.id(), ended) && testimony.isReleased(line.id(), ended.minus(underWay))) {
                accuse("a detached machine was ended: " + line.id());
            }
        }
        for (List<Testimony.Decision> some : testimony.decisions.values()) {
            some.forEach(this::justified);
        }
    }

    private void justified(Testimony.Decision decision) {
        if (!decision.by().equals(Author.WEIR)) {
            return;
        }
        String id = decision.id().value();
        LedgerLine line = byId.get(id);
        if (line == null) {
            accuse("an end of a machine that never was: " + id);
            return;
        }
        if (!decision.membership().evictable()) {
            accuse("an end of " + id + " at " + at(decision.at()) + ", which may not be terminated");
        }
        if (isRemains(line, decision.at())) {
            return;
        }
        switch (decision.ledger()) {
            case WISH, CANCEL -> surplus(decision);
            case NEVER_USEFUL -> {
                Duration boot = world.scenario.document().timeouts().boot();
                Instant due = line.launched()
                        .plus(boot)
                        .minus(World.CALL_BOUND.multipliedBy(2))
                        .minus(underWay);
                boolean ran = line.running() != null
                        && line.running().isBefore(decision.at().minus(stale));
                if (ran || decision.at().isBefore(due)) {
                    accuse("ended as never useful: " + id + ", which was launched at " + at(line.launched())
                            + (ran ? " and ran" : ""));
                }
            }
            case REPAIR -> {
                boolean told = decision.membership().equals(MembershipStatus.DISPOSABLE)
                        || world.tally.of(Trouble.UNHEALTHY) > 0;
                if (!told) {
                    accuse("repaired without being sick: " + id);
                }
            }
            case CLEANUP -> {
                boolean twin = lines.stream()
                        .anyMatch(other ->
                                other.name().equals(line.name()) && !other.id().equals(id));
                if (!twin) {
                    accuse("cleaned up, and no duplicate of anything: " + id);
                }
            }
        }
    }

    /** What remains of a launch that failed may always go: it never ran. */
    private static boolean isRemains(LedgerLine line, Instant at) {
        return "refused".equals(line.cause())
                && line.ended() != null
                && !line.ended().isAfter(at);
    }

    /** After a surplus was decided to go, by the ledger at least as many live as are wanted. */
    private void surplus(Testimony.Decision decision) {
        int staying = 0;
        for (MachineId one : decision.staying()) {
            LedgerLine line = byId.get(one.value());
            boolean there = line != null
                    && (line.isAliveAt(decision.at())
                            || line.isAliveAt(decision.at().minus(stale))
                            || (line.ended() != null
                                    && line.ended().isAfter(decision.at().minus(stale))));
            if (there) {
                staying++;
            }
        }
        if (staying < decision.desired()) {
            accuse("more than the surplus was ended: " + decision.id() + " at " + at(decision.at()) + ", " + staying
                    + " of the others live and " + decision.desired() + " are wanted");
        }
    }

    // 5

    private void paces() {
        if (!testimony.breaks.isEmpty()) {
            return;
        }
        pace("wish", MINUTE, 5, 25, this::wasPacedWish);
        pace("repair", TEN, 1, 10, line -> isOf(line, Ledger.REPAIR));
        pace("cleanup", TEN, 1, 10, line -> isOf(line, Ledger.CLEANUP));
        pace("cleanup", MINUTE, 1, 0, line -> isOf(line, Ledger.CLEANUP));
    }

    private boolean isOf(LedgerLine line, Ledger ledger) {
        List<Testimony.Decision> some = testimony.decisions.getOrDefault(line.id(), List.of());
        return !some.isEmpty() && some.get(some.size() - 1).ledger() == ledger;
    }

    /** It had been running for so long that the pool must have known it. */
    private boolean wasPacedWish(LedgerLine line) {
        List<Testimony.Decision> some = testimony.decisions.getOrDefault(line.id(), List.of());
        if (some.isEmpty() || some.get(some.size() - 1).ledger() != Ledger.WISH) {
            return false;
        }
        return line.running() != null;
    }

    private void pace(String name, Duration window, int count, int percent, Predicate<LedgerLine> counts) {
        List<Instant> ended = new ArrayList<>();
        for (LedgerLine line : lines) {
            if (line.terminating() != null && counts.test(line)) {
                ended.add(line.terminating());
            }
        }
        ended.sort(Comparator.naturalOrder());
        for (int first = 0, last = 0; last < ended.size(); last++) {
            Instant to = ended.get(last);
            while (!ended.get(first).isAfter(to.minus(window))) {
                first++;
            }
            int used = last - first + 1;
            if (used > count && used > running(ended.get(first), to) * percent / 100) {
                accuse("the " + name + " pace was exceeded: " + used + " ended between " + at(ended.get(first))
                        + " and " + at(to) + ", of " + running(ended.get(first), to));
                return;
            }
        }
    }

    /** The most machines that ran at any time from a while before. */
    private int running(Instant from, Instant to) {
        Instant start = from.minus(stale).minus(underWay);
        int most = runningAt(start);
        for (LedgerLine line : lines) {
            if (line.running() != null
                    && !line.running().isBefore(start)
                    && !line.running().isAfter(to)) {
                most = Math.max(most, runningAt(line.running()));
            }
        }
        return most;
    }

    /** One that was killed counts as long as the pool cannot know. */
    private int runningAt(Instant at) {
        int running = 0;
        for (LedgerLine line : lines) {
            boolean known = line.isAliveAt(at)
                    || (line.terminating() == null
                            && line.ended() != null
                            && line.ended().isAfter(at.minus(unseen)));
            if (line.running() != null && !line.running().isAfter(at) && known) {
                running++;
            }
        }
        return running;
    }
}
