package io.weir.reconcile;

import io.weir.pool.Author;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What happens to pools, as log lines that a person can follow.
 *
 * <ol>
 *   <li>A decision is one line, with its pool and its reason: what one change says alike of several machines is said once, with
 *       all of them.
 *   <li>What somebody should look at is a warning.
 *   <li>A pace that holds a plan back is told when it begins and when it ends; every other guard has events of its own.
 *   <li>Pool, event, machines and author are also fields, for logs that are read by a machine.
 * </ol>
 */
final class PoolLog {
    private static final Logger LOG = LoggerFactory.getLogger(PoolLog.class);
    /** All of them are in the events. */
    private static final int MOST_NAMED = 20;

    private static final Set<String> WARNINGS = Set.of(
            "breaker.opened",
            "guard.closed",
            "launch.given-up",
            "machine.duplicate",
            "machine.end-refused",
            "machine.stray",
            "members.missing",
            "scope.missing");

    private PoolLog() {}

    static void told(PoolState after, List<PoolEvent> events) {
        Map<String, List<PoolEvent>> alike = new LinkedHashMap<>();
        for (PoolEvent event : events) {
            alike.computeIfAbsent(sense(after, event), first -> new ArrayList<>(1))
                    .add(event);
        }
        alike.values().forEach(PoolLog::tell);
    }

    /** What an event says, whatever machine it says it of. */
    private static String sense(PoolState pool, PoolEvent event) {
        String ours = pool.name() + "-" + pool.store() + "-";
        String text = event.text().replaceAll(java.util.regex.Pattern.quote(ours) + "[a-z0-9-]+", "");
        return event.kind() + " " + event.by() + " "
                + event.machine().map(machine -> text.replace(machine, "")).orElse(text);
    }

    private static void tell(List<PoolEvent> alike) {
        PoolEvent first = alike.getFirst();
        List<String> machines = alike.stream()
                .flatMap(event -> event.machine().stream())
                .distinct()
                .toList();
        String by = first.by().equals(Author.WEIR.toString()) ? "" : " (by " + first.by() + ")";
        LOG.atLevel(WARNINGS.contains(first.kind()) ? Level.WARN : Level.INFO)
                .addKeyValue("pool", first.pool())
                .addKeyValue("event", first.kind())
                .addKeyValue("machines", machines)
                .addKeyValue("by", first.by())
                .log(first.pool() + " " + first.kind() + ": " + first.text() + others(machines) + by);
    }

    private static String others(List<String> machines) {
        int more = machines.size() - 1;
        if (more < 1) {
            return "";
        }
        List<String> named = machines.subList(1, Math.min(machines.size(), 1 + MOST_NAMED));
        return "; and " + more + " more: " + String.join(", ", named) + (more > MOST_NAMED ? ", …" : "");
    }

    /** @param before the guards of the plan before this one */
    static void paces(PoolName pool, Map<String, String> before, Map<String, String> now) {
        now.forEach((guard, why) -> {
            if (guard.startsWith("pace-") && !before.containsKey(guard)) {
                pace(pool, guard, "holds back: " + why);
            }
        });
        before.keySet().stream()
                .filter(guard -> guard.startsWith("pace-") && !now.containsKey(guard))
                .forEach(guard -> pace(pool, guard, "holds nothing back any more"));
    }

    private static void pace(PoolName pool, String guard, String text) {
        LOG.atInfo().addKeyValue("pool", pool).addKeyValue("event", guard).log(pool + " " + guard + " " + text);
    }
}
