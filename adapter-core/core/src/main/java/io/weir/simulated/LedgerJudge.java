package io.weir.simulated;

import io.weir.simulated.SimulatedApi.LedgerLine;
import io.weir.simulated.SimulatedApi.Membership;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges how a pool was kept, from the cloud's own ledger and never from what the keeper believed.
 *
 * <ol>
 *   <li>A machine is alive from its launch until its end was accepted or came by itself; it is of the pool while it bears its tag.
 *   <li>A <em>double</em> is two machines of one name alive together, wherever; or more machines of the pool alive than the highest
 *       wish in force plus those out of service. A wish that was lowered stays in force until the pool has come down to the new
 *       one, and for the grace given: what was asked for under it may still arrive.
 *   <li>An <em>orphan</em> is alive at the end with the pool's tag, and nobody's member.
 *   <li>Machine-hours and their cost are those of machines alive in the pool; the ideal is the area under what was needed.
 *   <li>The pool is <em>short</em> while fewer of its machines run than were needed.
 * </ol>
 *
 * A pure function. Numbers over time are steps: each holds until the next.
 */
public final class LedgerJudge {
    private LedgerJudge() {}

    /** From when on a number holds. */
    public record Step(Instant at, int value) {}

    /**
     * @param wishes the sizes wished; before the first, none
     * @param outOfService how many members did not count; absent: none ever
     * @param graceSeconds how long after a lowering something may still arrive that was asked for before
     * @param members the ids of the pool's members at the end; absent: orphans are not looked for
     * @param needed how many running machines the load needed; absent: shortness is not judged
     * @param from machine-hours and shortness are counted from here
     * @param to the end, for all that is judged
     */
    public record Question(
            String pool,
            List<Step> wishes,
            @Nullable List<Step> outOfService,
            double graceSeconds,
            @Nullable Set<String> members,
            @Nullable List<Step> needed,
            Instant from,
            Instant to) {
        public Question {
            if (pool == null || wishes == null || from == null || to == null || to.isBefore(from)) {
                throw new IllegalArgumentException("pool, wishes, from and a later to are due");
            }
            wishes = sorted(wishes);
            outOfService = outOfService == null ? List.of() : sorted(outOfService);
            needed = needed == null ? List.of() : sorted(needed);
        }

        /** The same question, of what has already been. */
        public Question until(Instant now) {
            return to.isAfter(now)
                    ? new Question(pool, wishes, outOfService, graceSeconds, members, needed, earlier(from, now), now)
                    : this;
        }

        private static List<Step> sorted(List<Step> steps) {
            return steps.stream().sorted(Comparator.comparing(Step::at)).toList();
        }
    }

    /**
     * @param doubles each in words
     * @param minutesShort how long fewer ran than were needed
     * @param machineMinutesShort the same, times how many were lacking
     */
    public record Judgement(
            List<String> doubles,
            List<String> orphans,
            int launched,
            int diedByThemselves,
            double machineHours,
            double cost,
            double idealMachineHours,
            double minutesShort,
            double machineMinutesShort) {
        public boolean isClean() {
            return doubles.isEmpty() && orphans.isEmpty();
        }
    }

    public static Judgement judge(List<LedgerLine> ledger, Question question) {
        List<Stay> stays = stays(ledger, question);
        List<String> doubles = new ArrayList<>(sameNames(ledger, question.to));
        doubles.addAll(aboveTheWish(stays, question));
        Area area = area(stays, question);
        List<LedgerLine> own = ledger.stream()
                .filter(line -> line.pools().stream().anyMatch(stay -> question.pool.equals(stay.pool())))
                .toList();
        return new Judgement(
                doubles,
                orphans(ledger, question),
                own.size(),
                (int) own.stream()
                        .filter(line -> line.ended() != null && line.terminating() == null)
                        .count(),
                area.alive / 3600,
                cost(stays, question),
                area.needed / 3600,
                area.shortTime / 60,
                area.lacking / 60);
    }

    /** While a machine was alive and of the pool. */
    private record Stay(LedgerLine line, Instant from, Instant to) {}

    private static List<Stay> stays(List<LedgerLine> ledger, Question question) {
        List<Stay> stays = new ArrayList<>();
        for (LedgerLine line : ledger) {
            Instant end = end(line, question.to);
            for (int i = 0; i < line.pools().size(); i++) {
                Membership membership = line.pools().get(i);
                Instant until = i + 1 < line.pools().size()
                        ? earlier(line.pools().get(i + 1).since(), end)
                        : end;
                if (question.pool.equals(membership.pool())
                        && membership.since().isBefore(until)) {
                    stays.add(new Stay(line, membership.since(), until));
                }
            }
        }
        return stays;
    }

    private static Instant end(LedgerLine line, Instant atLatest) {
        Instant end = line.terminating() == null ? atLatest : earlier(line.terminating(), atLatest);
        return line.ended() == null ? end : earlier(line.ended(), end);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static List<String> sameNames(List<LedgerLine> ledger, Instant to) {
        Map<String, List<LedgerLine>> byName = new LinkedHashMap<>();
        ledger.forEach(line ->
                byName.computeIfAbsent(line.name(), first -> new ArrayList<>()).add(line));
        List<String> found = new ArrayList<>();
        byName.forEach((name, lines) -> {
            for (int i = 1; i < lines.size(); i++) {
                LedgerLine later = lines.get(i);
                for (LedgerLine earlier : lines.subList(0, i)) {
                    Instant since =
                            earlier.launched().isAfter(later.launched()) ? earlier.launched() : later.launched();
                    if (since.isBefore(end(earlier, to)) && since.isBefore(end(later, to))) {
                        found.add(name + " is alive twice at " + since + ": " + earlier.id() + " and " + later.id());
                    }
                }
            }
        });
        return found;
    }

    private enum Kind {
        LEAVES,
        OUT_OF_SERVICE,
        WISH,
        COMES
    }

    private record Event(Instant at, Kind kind, int value, String id) {}

    private static List<String> aboveTheWish(List<Stay> stays, Question question) {
        List<Event> events = new ArrayList<>();
        for (Stay stay : stays) {
            events.add(new Event(stay.from, Kind.COMES, 1, stay.line.id()));
            events.add(new Event(stay.to, Kind.LEAVES, -1, stay.line.id()));
        }
        question.wishes.forEach(wish -> events.add(new Event(wish.at, Kind.WISH, wish.value, "")));
        steps(question.outOfService)
                .forEach(step -> events.add(new Event(step.at, Kind.OUT_OF_SERVICE, step.value, "")));
        events.sort(Comparator.comparing(Event::at).thenComparing(Event::kind));

        Duration grace = Duration.ofMillis((long) (question.graceSeconds * 1000));
        List<String> found = new ArrayList<>();
        int alive = 0;
        int outOfService = 0;
        int wish = 0;
        int highest = 0;
        Instant lowered = Instant.MIN;
        boolean above = false;
        for (Event event : events) {
            if (alive <= wish + outOfService
                    && !event.at.isBefore(lowered.equals(Instant.MIN) ? lowered : lowered.plus(grace))) {
                highest = wish;
            }
            switch (event.kind) {
                case COMES, LEAVES -> alive += event.value;
                case OUT_OF_SERVICE -> outOfService = event.value;
                case WISH -> {
                    if (event.value < wish) {
                        lowered = event.at;
                    }
                    wish = event.value;
                    highest = Math.max(highest, wish);
                }
            }
            if (event.kind == Kind.COMES && alive > highest + outOfService) {
                if (!above) {
                    found.add(alive + " alive at " + event.at + " with " + event.id
                            + ", and the highest wish in force is " + highest
                            + (outOfService > 0 ? " plus " + outOfService + " out of service" : ""));
                }
                above = true;
            } else if (alive <= highest + outOfService) {
                above = false;
            }
        }
        return found;
    }

    private static List<Step> steps(@Nullable List<Step> steps) {
        return steps == null ? List.of() : steps;
    }

    private static List<String> orphans(List<LedgerLine> ledger, Question question) {
        Set<String> members = question.members;
        if (members == null) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        for (LedgerLine line : ledger) {
            if (question.pool.equals(line.pool()) && line.isAliveAt(question.to) && !members.contains(line.id())) {
                found.add(line.id() + " (" + line.name() + ")");
            }
        }
        return found;
    }

    /** Areas in machine-seconds, and a time in seconds. */
    private static final class Area {
        double alive;
        double needed;
        double shortTime;
        double lacking;
    }

    private static Area area(List<Stay> stays, Question question) {
        Area area = new Area();
        TreeSet<Instant> cuts = new TreeSet<>(Set.of(question.from));
        cuts.add(question.to);
        Map<Instant, int[]> changes = new LinkedHashMap<>();
        for (Stay stay : stays) {
            change(changes, stay.from, 0, 1);
            change(changes, stay.to, 0, -1);
            Instant running = stay.line.running();
            if (running != null && running.isBefore(stay.to)) {
                change(changes, running.isBefore(stay.from) ? stay.from : running, 1, 1);
                change(changes, stay.to, 1, -1);
            }
        }
        Map<Instant, Integer> needs = new LinkedHashMap<>();
        steps(question.needed).forEach(step -> needs.put(step.at, step.value));
        cuts.addAll(changes.keySet());
        cuts.addAll(needs.keySet());
        int alive = 0;
        int running = 0;
        int needed = 0;
        Instant last = question.from;
        for (Instant cut : cuts) {
            Instant until = earlier(cut, question.to);
            double seconds = Math.max(0, Duration.between(last, until).toMillis() / 1000.0);
            area.alive += alive * seconds;
            area.needed += needed * seconds;
            if (running < needed) {
                area.shortTime += seconds;
                area.lacking += (needed - running) * seconds;
            }
            if (until.isAfter(last)) {
                last = until;
            }
            int[] change = changes.getOrDefault(cut, new int[2]);
            alive += change[0];
            running += change[1];
            needed = needs.getOrDefault(cut, needed);
        }
        return area;
    }

    private static double cost(List<Stay> stays, Question question) {
        double cost = 0;
        for (Stay stay : stays) {
            Instant from = stay.from.isBefore(question.from) ? question.from : stay.from;
            double hours = Math.max(0, Duration.between(from, stay.to).toMillis() / 3_600_000.0);
            cost += hours * stay.line.price().doubleValue();
        }
        return cost;
    }

    private static void change(Map<Instant, int[]> changes, Instant at, int which, int by) {
        changes.computeIfAbsent(at, first -> new int[2])[which] += by;
    }
}
