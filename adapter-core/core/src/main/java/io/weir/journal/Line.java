package io.weir.journal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.plan.Action;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.pool.CloudMachine;
import io.weir.pool.LateRefusal;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.Template;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A line of the journal without its hash: an entry as the difference to the one before. What is left out is as it was; of an
 * unchanged turn its times are left.
 *
 * @param full the format's version, on the first line of a file: nothing was before it
 * @param pool on a full line
 * @param plan left out if it is the same as before
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonIgnoreProperties(Line.HASH)
record Line(
        Optional<Integer> full,
        Optional<PoolName> pool,
        Optional<Limits> limits,
        Optional<Settled> settled,
        Optional<Planned> planned,
        Optional<JsonNode> plan,
        Optional<String> failed) {
    static final int VERSION = 1;
    /** The last field of a line. */
    static final String HASH = "hash";

    /**
     * @param begun when the listing began
     * @param rows what became of the pool since the line before: rows by part and key, null for those that are gone
     * @param machines the rows of the listing that differ, by machine; none: it is not listed any more
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Settled(
            Instant at,
            Instant begun,
            Optional<Map<String, Map<String, JsonNode>>> rows,
            Optional<SortedMap<String, List<CloudMachine>>> machines,
            Optional<SortedSet<Scope>> missing,
            Optional<List<LateRefusal>> refusals) {}

    /**
     * @param rows what became of the pool since it was settled
     * @param template left out if it is the same as before
     * @param unresolved there is no template
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Planned(
            Instant at,
            Optional<Map<String, Map<String, JsonNode>>> rows,
            Optional<Template> template,
            Optional<Boolean> unresolved,
            Optional<Boolean> blind) {}

    /** A plan as it is written; it is compared, and never read back into one. */
    record Written(String reason, SortedMap<String, String> guards, List<Map<String, Action>> actions) {
        static Written of(Plan plan) {
            return new Written(
                    plan.reason(),
                    new TreeMap<>(plan.guards()),
                    plan.actions().stream()
                            .map(action ->
                                    Map.of(action.getClass().getSimpleName().toLowerCase(Locale.ROOT), action))
                            .toList());
        }
    }
}
