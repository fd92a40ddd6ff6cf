package io.weir.autoscaler.loop;

import io.weir.autoscaler.decide.Decider;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Memory;
import io.weir.autoscaler.decide.Rules;
import io.weir.autoscaler.loop.TargetView.LastPost;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.policy.Beat;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.source.MetricSource;
import io.weir.autoscaler.store.Pause;
import io.weir.autoscaler.store.TargetStore;
import io.weir.autoscaler.target.Hold;
import io.weir.autoscaler.target.Posted;
import io.weir.autoscaler.target.ScaledPool;
import io.weir.autoscaler.target.Sight.Seen;
import io.weir.autoscaler.target.Sight.Unseen;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool and what keeps it at its level. A beat:
 *
 * <ol>
 *   <li>Read every metric.
 *   <li>Look at the pool. An adapter that failed is left in peace for a while that grows; without a look nothing is decided.
 *   <li>Decide, and keep the decision and what it remembers before anything is posted. Of decisions that are alike in a row
 *       only the first is kept. What cannot be kept is not posted.
 *   <li>Post the size if it changes, or if the last post is a heartbeat ago; but not while paused, and no change while
 *       somebody holds the size.
 *   <li>The size changed meanwhile (412): from 2 again, three times at most, and else with the next beat.
 *   <li>Taken: the change counts for cool-downs from now. Lost, or refused for the adapter's own fault: it is left in peace.
 * </ol>
 *
 * Beats come from one thread; views, pauses and resumptions from any.
 */
public final class Target {
    private static final Logger LOG = LoggerFactory.getLogger(Target.class);
    private static final int ATTEMPTS = 3;
    private static final int TOO_MANY_REQUESTS = 429;

    private final String name;
    private final Rules rules;
    private final Rhythm rhythm;
    private final Map<String, MetricSource> sources;
    private final ScaledPool pool;
    private final TargetStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Tally tally;

    private @Nullable Memory memory;
    private int failures;
    private @Nullable Instant inPeaceUntil;
    private @Nullable String lastKept;
    private volatile TargetView view;

    public Target(
            String name,
            Rules rules,
            Rhythm rhythm,
            Map<String, MetricSource> sources,
            ScaledPool pool,
            TargetStore store,
            InstantSource clock,
            RandomGenerator random,
            Tally tally) {
        this.name = name;
        this.rules = rules;
        this.rhythm = rhythm;
        this.sources = new TreeMap<>(sources);
        this.pool = pool;
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.tally = tally;
        this.view = TargetView.before(store.pause(name));
    }

    public String name() {
        return name;
    }

    public Rules rules() {
        return rules;
    }

    public Rhythm rhythm() {
        return rhythm;
    }

    public TargetView view() {
        return view;
    }

    /** What is not well now; empty if all is. */
    public Map<String, String> problems() {
        return view.problems(rhythm.unhealthyAfter(), rhythm.longestBeat(), clock.instant());
    }

    /** Sizes are decided and shown, and not posted, until it is resumed; also after a restart. */
    public synchronized Pause pause(String by, String reason) {
        var pause = new Pause(by, reason, clock.instant());
        store.setPause(name, pause);
        view = view.withPause(pause);
        LOG.info("{}: paused by {}: {}", name, by, reason);
        return pause;
    }

    public synchronized void resume(String by, String reason) {
        store.setPause(name, null);
        view = view.withPause(null);
        LOG.info("{}: resumed by {}: {}", name, by, reason);
    }

    public void close() {
        pool.close();
    }

    /** One beat. Never throws: what goes wrong inside is shown as a trouble, and the next beat tries again. */
    public void beat() {
        Instant begun = clock.instant();
        var round = new Round(view, begun);
        try {
            round.run();
            round.inside = null;
        } catch (RuntimeException e) {
            if (round.inside == null) {
                LOG.error("{}: the beat failed", name, e);
            }
            round.inside = Trouble.goingOn(round.inside, begun, String.valueOf(e.getMessage()));
        }
        publish(round);
        tally.beat(name, Duration.between(begun, clock.instant()));
    }

    private synchronized void publish(Round round) {
        view = new TargetView(
                round.begun,
                round.samples,
                round.pool,
                round.poolSeenAt,
                round.decision,
                round.lastPost,
                round.hold,
                view.pause(),
                round.metric,
                round.adapter,
                round.inside);
    }

    /** What one beat finds out, beginning with what was known. */
    private final class Round {
        private final Instant begun;
        private Map<String, MetricSample> samples;
        private @Nullable PoolSeen pool;
        private @Nullable Instant poolSeenAt;
        private @Nullable Decision decision;
        private @Nullable LastPost lastPost;
        private @Nullable Hold hold;
        private @Nullable Trouble metric;
        private @Nullable Trouble adapter;
        private @Nullable Trouble inside;

        Round(TargetView known, Instant begun) {
            this.begun = begun;
            this.samples = known.samples();
            this.pool = known.pool();
            this.poolSeenAt = known.poolSeenAt();
            this.decision = known.decision();
            this.lastPost = known.lastPost();
            this.hold = known.hold();
            this.metric = known.metric();
            this.adapter = known.adapter();
            this.inside = known.inside();
        }

        void run() {
            read(); // 1
            if (inPeaceUntil != null && begun.isBefore(inPeaceUntil)) {
                return;
            }
            for (int attempt = 1; ; attempt++) { // 5
                @Nullable Seen seen = look(); // 2
                if (seen == null) {
                    return;
                }
                Decision decided = decide(seen); // 3
                if (!due(decided, seen)) {
                    return;
                }
                Posted posted = post(decided, seen); // 4
                if (!(posted instanceof Posted.Outdated) || attempt == ATTEMPTS) {
                    return;
                }
            }
        }

        private void read() {
            var read = new TreeMap<String, MetricSample>();
            sources.forEach((metricName, source) -> read.put(metricName, source.read()));
            samples = read;
            List<String> doubts = read.entrySet().stream()
                    .filter(entry -> !entry.getValue().trusted())
                    .map(entry -> entry.getKey() + " is " + entry.getValue().told())
                    .toList();
            @Nullable Trouble before = metric;
            metric = doubts.isEmpty() ? null : Trouble.goingOn(before, begun, String.join("; ", doubts));
            tellOf("metric", before, metric);
        }

        private @Nullable Seen look() {
            return switch (Target.this.pool.look()) {
                case Seen seen -> {
                    pool = seen.pool();
                    poolSeenAt = clock.instant();
                    @Nullable Hold before = hold;
                    hold = seen.hold().orElse(null);
                    if (before != null && hold == null) {
                        LOG.info("{}: no longer held", name);
                    }
                    if (lastPost == null || !failed(lastPost.posted())) {
                        well();
                    }
                    yield seen;
                }
                case Unseen unseen -> {
                    fails(unseen.why(), true);
                    yield null;
                }
            };
        }

        private Decision decide(Seen seen) {
            if (memory == null) {
                memory = store.memory(name);
            }
            Decision decided = Decider.decide(rules, new Beat(clock.instant(), seen.pool(), samples), memory);
            String kind = kind(decided);
            if (kind.equals(lastKept)) {
                store.remember(name, decided.after());
            } else {
                store.keep(name, decided);
                if (decided.changes() && !mayPost(seen)) {
                    LOG.info(
                            "{}: {} → {} is not posted, {}: {}",
                            name,
                            decided.from(),
                            decided.size(),
                            hindrance(seen),
                            decided.why());
                }
                lastKept = kind;
            }
            memory = decided.after();
            decision = decided;
            tally.decided(name, decided);
            return decided;
        }

        /** Decisions of one kind say the same to a person. */
        private String kind(Decision decided) {
            return decided.from() + ">" + decided.size()
                    + decided.reasons().stream().map(r -> r.step()).toList()
                    + decided.recommendations().entrySet().stream()
                            .map(entry ->
                                    entry.getKey() + entry.getValue().getClass().getSimpleName())
                            .toList();
        }

        private boolean mayPost(Seen seen) {
            return view.pause() == null && seen.hold().isEmpty();
        }

        private String hindrance(Seen seen) {
            @Nullable Pause pause = view.pause();
            return pause != null
                    ? "paused by " + pause.by() + " (" + pause.reason() + ")"
                    : seen.hold().map(Hold::toString).orElse("");
        }

        private boolean due(Decision decided, Seen seen) {
            if (view.pause() != null) {
                return false;
            }
            if (decided.changes()) {
                return seen.hold().isEmpty();
            }
            return lastPost == null
                    || Duration.between(lastPost.at(), begun).compareTo(rhythm.heartbeat()) >= 0
                    || failed(lastPost.posted());
        }

        private Posted post(Decision decided, Seen seen) {
            Posted posted = Target.this.pool.post(decided.size(), seen, decided.why());
            @Nullable LastPost before = lastPost;
            lastPost = new LastPost(clock.instant(), decided.size(), posted);
            tally.posted(name, posted);
            switch (posted) {
                case Posted.Taken taken -> {
                    well();
                    if (decided.changes()) {
                        LOG.info("{}: {} → {}: {}", name, decided.from(), decided.size(), decided.why());
                        memory = decided.after().seen(decided.size(), lastPost.at()); // 6
                        store.remember(name, memory);
                    }
                }
                case Posted.Outdated outdated ->
                    LOG.info("{}: {} → {} came too late: {}", name, decided.from(), decided.size(), outdated.why());
                case Posted.Held held -> {
                    well();
                    hold = held.hold();
                    LOG.info("{}: {} → {} is {}", name, decided.from(), decided.size(), held.hold());
                }
                case Posted.Refused refused ->
                    fails(refused.why(), refused.status() >= 500 || refused.status() == TOO_MANY_REQUESTS);
                case Posted.Lost lost -> fails(lost.why(), true);
            }
            if (before == null && posted instanceof Posted.Taken && !decided.changes()) {
                LOG.info("{}: {} is right: {}", name, decided.size(), decided.why());
            }
            return posted;
        }

        private static boolean failed(Posted posted) {
            return posted instanceof Posted.Refused || posted instanceof Posted.Lost;
        }

        private void well() {
            failures = 0;
            inPeaceUntil = null;
            tellOf("adapter", adapter, null);
            adapter = null;
        }

        private void fails(String why, boolean leaveInPeace) {
            @Nullable Trouble before = adapter;
            adapter = Trouble.goingOn(before, begun, why);
            tellOf("adapter", before, adapter);
            if (leaveInPeace) {
                failures++;
                inPeaceUntil = clock.instant().plus(rhythm.backOff().after(failures, random));
            }
        }

        private void tellOf(String what, @Nullable Trouble before, @Nullable Trouble after) {
            if (before == null && after != null) {
                LOG.warn("{}: {} trouble: {}", name, what, after.why());
            } else if (before != null && after == null) {
                LOG.info(
                        "{}: {} is well again, after {} s",
                        name,
                        what,
                        Duration.between(before.since(), begun).toSeconds());
            }
        }
    }
}
