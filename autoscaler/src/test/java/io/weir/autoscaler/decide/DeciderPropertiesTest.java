package io.weir.autoscaler.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.NumbersGate;
import io.weir.autoscaler.policy.Beat;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.PerMachineTracking;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.policy.Recommendation.Within;
import io.weir.autoscaler.policy.Recurrence;
import io.weir.autoscaler.policy.ScalingPolicy;
import io.weir.autoscaler.policy.ScheduleBounds;
import io.weir.autoscaler.policy.TotalTracking;
import io.weir.autoscaler.store.DecisionJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What holds whatever is declared, measured and remembered: 400 stories of 50 beats, each from its seed. */
class DeciderPropertiesTest {
    private static final int STORIES = 400;
    private static final int BEATS = 50;
    private static final double[] ODD = {
        0,
        -0.0,
        -1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e15,
        1e16,
        Double.MAX_VALUE,
        Double.MIN_VALUE
    };

    @Test
    void every_decision_keeps_what_is_promised() {
        for (int seed = 0; seed < STORIES; seed++) {
            story(seed);
        }
    }

    private static void story(int seed) {
        var dice = new SplittableRandom(seed);
        Rules rules = rules(dice);
        Memory memory = Memory.NONE;
        Instant now = Instant.parse("2026-03-28T20:00:00Z").plusSeconds(dice.nextInt(100_000));
        int size = dice.nextInt(200);
        for (int i = 0; i < BEATS; i++) {
            now = now.plusSeconds(dice.nextInt(20) == 0 ? -dice.nextInt(3600) : 1 + dice.nextInt(120));
            Map<String, MetricSample> samples = Map.of("a", sample(dice, now), "b", sample(dice, now));
            Integer running = dice.nextInt(10) == 0 ? null : Integer.valueOf(dice.nextInt(size + 1));
            Decision decision =
                    Decider.decide(rules, new Beat(now, new PoolSeen(size, size, size, running), samples), memory);
            check("seed " + seed + " beat " + i + ": " + decision.why(), decision);
            memory = decision.after();
            if (dice.nextInt(4) != 0) { // else the post was lost
                size = decision.size();
                memory = memory.seen(size, now);
            } else if (dice.nextInt(4) == 0) { // or somebody else set one
                size = dice.nextInt(300);
            }
        }
    }

    private static void check(String story, Decision decision) {
        Bounds own = decision.rules().bounds();
        Limits limits = decision.rules().limits();
        assertThat(decision.size()).as(story).isBetween(own.min(), own.max());
        assertThat(decision.reasons()).as(story).isNotEmpty();

        boolean bounded = decision.recommendations().values().stream().anyMatch(Within.class::isInstance);
        boolean inside = !bounded && own.clamp(decision.from()) == decision.from();
        boolean doubt = decision.rules().policies().stream()
                .flatMap(policy -> metricsOf(policy).stream())
                .anyMatch(metric -> !decision.beat().sample(metric).trusted());
        if (inside && doubt) {
            assertThat(decision.size())
                    .as("in doubt nothing shrinks, " + story)
                    .isGreaterThanOrEqualTo(decision.from());
        }
        if (inside) {
            long up = (long) decision.from() + limits.up().from(decision.from());
            long down = (long) decision.from() - limits.down().from(decision.from());
            assertThat((long) decision.size())
                    .as("one step at most, " + story)
                    .isBetween(Math.min(down, decision.from()), up);
        }
        Memory seen = decision.before()
                .notAfter(decision.beat().at())
                .seen(decision.from(), decision.beat().at());
        if (inside && decision.size() < decision.from() && seen.lastChange() != null) {
            assertThat(Duration.between(seen.lastChange(), decision.beat().at()))
                    .as("no shrinking inside the cool-down, " + story)
                    .isGreaterThanOrEqualTo(limits.coolDownDown());
        }
        if (inside && decision.size() > decision.from() && seen.lastUp() != null) {
            assertThat(Duration.between(seen.lastUp(), decision.beat().at()))
                    .as("no growth inside the cool-down, " + story)
                    .isGreaterThanOrEqualTo(limits.coolDownUp());
        }
        String written = DecisionJson.text(decision);
        Decision read = DecisionJson.decision(written);
        assertThat(DecisionJson.text(Decider.decide(read.rules(), read.beat(), read.before())))
                .as("the same again, " + story)
                .isEqualTo(written);
    }

    private static List<String> metricsOf(ScalingPolicy policy) {
        return switch (policy) {
            case TotalTracking total -> List.of(total.metric());
            case PerMachineTracking each -> List.of(each.metric());
            default -> List.of();
        };
    }

    private static Rules rules(SplittableRandom dice) {
        List<ScalingPolicy> policies = new ArrayList<>();
        Doubt doubt = dice.nextBoolean() ? Doubt.HOLD : Doubt.UP_ONLY;
        policies.add(
                new TotalTracking("total", "a", BigDecimal.valueOf(1 + dice.nextInt(100), dice.nextInt(3)), doubt));
        if (dice.nextBoolean()) {
            policies.add(new PerMachineTracking(
                    "each", "b", BigDecimal.valueOf(1 + dice.nextInt(100), dice.nextInt(3)), doubt));
        }
        if (dice.nextInt(3) == 0) {
            int floor = dice.nextInt(50);
            policies.add(new ScheduleBounds(
                    "night",
                    new Recurrence(dice.nextInt(60) + " " + dice.nextInt(24) + " * * *"),
                    new Recurrence(dice.nextInt(60) + " " + dice.nextInt(24) + " * * *"),
                    ZoneId.of("Europe/Berlin"),
                    new Bounds(floor, floor + dice.nextInt(100))));
        }
        int min = dice.nextInt(5);
        var limits = new Limits(
                new Tolerance(BigDecimal.valueOf(dice.nextInt(20), 2), BigDecimal.valueOf(dice.nextInt(20), 2)),
                new StepLimit(1 + dice.nextInt(20), dice.nextInt(200)),
                new StepLimit(dice.nextInt(20), 1 + dice.nextInt(100)),
                Duration.ofSeconds(dice.nextInt(600)),
                Duration.ofSeconds(dice.nextInt(300)),
                Duration.ofSeconds(dice.nextInt(300)));
        return new Rules(new Bounds(min, min + dice.nextInt(200)), policies, limits);
    }

    private static MetricSample sample(SplittableRandom dice, Instant now) {
        if (dice.nextInt(12) == 0) {
            return new Absent("no series");
        }
        double value = dice.nextInt(8) == 0 ? ODD[dice.nextInt(ODD.length)] : dice.nextDouble(1000);
        Instant at = now.plusSeconds(dice.nextInt(10) == 0 ? dice.nextInt(200) - 150 : -dice.nextInt(30));
        return NumbersGate.pass(
                value, at, Freshness.of(Duration.ofMinutes(1)), now, dice.nextInt(8) == 0 ? "half" : null);
    }
}
