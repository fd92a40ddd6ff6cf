package io.weir.autoscaler.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Reason;
import io.weir.autoscaler.loop.TargetView;
import io.weir.autoscaler.loop.Trouble;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.store.DecisionJson;
import io.weir.autoscaler.store.Pause;
import io.weir.autoscaler.store.StoredDecision;
import io.weir.autoscaler.target.Hold;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the door shows of targets and decisions. */
final class Shown {
    private Shown() {}

    record Targets(List<Row> targets) {}

    /** One target in the list of all. */
    record Row(
            String name,
            String adapter,
            boolean healthy,
            boolean paused,
            boolean held,
            @Nullable Integer desired,
            @Nullable Integer decided,
            @Nullable String why,
            @Nullable Instant beatAt) {
        static Row of(ServedTarget served) {
            TargetView view = served.target().view();
            Decision decision = view.decision();
            PoolSeen pool = view.pool();
            return new Row(
                    served.target().name(),
                    served.adapter(),
                    served.target().problems().isEmpty(),
                    view.pause() != null,
                    view.hold() != null,
                    pool == null ? null : pool.desired(),
                    decision == null ? null : decision.size(),
                    decision == null ? null : decision.why(),
                    view.at());
        }
    }

    /** Everything about one target. */
    record Whole(
            String name,
            boolean healthy,
            Map<String, String> problems,
            Adapter adapter,
            Map<String, Object> samples,
            @Nullable Current decision,
            @Nullable Post lastPost,
            @Nullable Hold hold,
            @Nullable Pause pause,
            @Nullable Instant beatAt,
            JsonNode document) {
        static Whole of(ServedTarget served) {
            TargetView view = served.target().view();
            Map<String, String> problems = served.target().problems();
            Map<String, Object> samples = new TreeMap<>();
            view.samples().forEach((metric, sample) -> samples.put(metric, sample(sample)));
            return new Whole(
                    served.target().name(),
                    problems.isEmpty(),
                    problems,
                    Adapter.of(served, view),
                    samples,
                    view.decision() == null ? null : Current.of(view.decision()),
                    view.lastPost() == null ? null : Post.of(view.lastPost()),
                    view.hold(),
                    view.pause(),
                    view.at(),
                    served.document());
        }

        private static Object sample(MetricSample sample) {
            Map<Object, Object> shown = new LinkedHashMap<>();
            if (DecisionJson.plain(sample) instanceof Map<?, ?> plain) {
                shown.putAll(plain);
            }
            shown.put("told", sample.told());
            return shown;
        }
    }

    record Adapter(
            String address,
            boolean reachable,
            @Nullable Instant failingSince,
            @Nullable String failure,
            @Nullable PoolSeen pool,
            @Nullable Instant seenAt) {
        static Adapter of(ServedTarget served, TargetView view) {
            Trouble trouble = view.adapter();
            return new Adapter(
                    served.adapter(),
                    trouble == null && view.pool() != null,
                    trouble == null ? null : trouble.since(),
                    trouble == null ? null : trouble.why(),
                    view.pool(),
                    view.poolSeenAt());
        }
    }

    record Current(
            Instant at, int from, int size, String why, List<Reason> reasons, Map<String, Object> recommendations) {
        static Current of(Decision decision) {
            Map<String, Object> said = new LinkedHashMap<>();
            decision.recommendations().forEach((policy, what) -> said.put(policy, DecisionJson.plain(what)));
            return new Current(
                    decision.beat().at(), decision.from(), decision.size(), decision.why(), decision.reasons(), said);
        }
    }

    record Post(Instant at, int size, String outcome, String told) {
        static Post of(TargetView.LastPost last) {
            return new Post(
                    last.at(),
                    last.size(),
                    last.posted().outcome(),
                    last.posted().told());
        }
    }

    /** @param next the {@code before} of the next page; null on the last one */
    record Page(List<Kept> decisions, @Nullable Long next) {}

    /** A decision as it was kept: what it was made from, what each policy said, what each step did. */
    record Kept(
            long id,
            Instant at,
            int from,
            int size,
            String why,
            JsonNode reasons,
            JsonNode recommendations,
            @JsonProperty("inputs") Inputs inputs) {
        static Kept of(StoredDecision stored) {
            JsonNode document = DecisionJson.tree(stored.document());
            return new Kept(
                    stored.id(),
                    stored.at(),
                    stored.from(),
                    stored.size(),
                    stored.why(),
                    document.path("reasons"),
                    document.path("recommendations"),
                    new Inputs(document.path("rules"), document.path("beat"), document.path("before")));
        }
    }

    record Inputs(JsonNode rules, JsonNode beat, JsonNode memory) {}
}
