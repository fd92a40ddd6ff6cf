package io.weir.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.journal.Journal.Considering;
import io.weir.journal.Journal.Entry;
import io.weir.journal.Journal.Settling;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.plan.Planning;
import io.weir.plan.Settler;
import io.weir.pool.CloudMachine;
import io.weir.pool.Observation;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.Scope;
import io.weir.pool.Template;
import io.weir.store.PoolParts;
import io.weir.store.PoolParts.Document;
import io.weir.store.PoolParts.Key;
import io.weir.store.Store.StoreException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lives a journal again: what went into each line goes through settling and planning once more, and what comes out is written as a
 * line, which must be the same to the last byte. After a line that is not, nothing that follows means anything.
 */
public final class Replay {
    private JournalLines lines = new JournalLines();
    private @Nullable PoolName name;
    private @Nullable PoolState pool;
    private @Nullable Limits limits;
    private Optional<Template> template = Optional.empty();
    private SortedMap<String, List<CloudMachine>> machines = new TreeMap<>();
    private Set<Scope> missing = Set.of();
    private @Nullable JsonNode plan;
    private long turns;
    private long plans;
    private Optional<Instant> last = Optional.empty();

    /** Turns begun; one that was refused something plans more than once. */
    public long turns() {
        return turns;
    }

    public long plans() {
        return plans;
    }

    /** When the last line was settled or planned. */
    public Optional<Instant> last() {
        return last;
    }

    /**
     * The next line.
     *
     * @return how it differs from what is made of it now; empty: it is the same
     * @throws UnreadableLine it cannot be read: torn, or of another version
     */
    public Optional<Difference> next(String text) {
        String again;
        JsonNode before;
        try {
            Line line = JournalJson.read(text, Line.class);
            begin(line);
            before = plan;
            again = lines.next(again(line));
            JsonNode made = JournalJson.read(text, JsonNode.class).get("plan");
            plan = made == null ? plan : made;
            last = line.planned().map(Line.Planned::at).or(() -> line.settled().map(Line.Settled::at));
            plans++;
            boolean later = line.settled().isEmpty()
                    && line.planned().flatMap(Line.Planned::blind).isEmpty();
            turns += later ? 0 : 1;
        } catch (IllegalArgumentException | StoreException damaged) {
            throw new UnreadableLine(String.valueOf(damaged.getMessage()), damaged);
        }
        return again.equals(text) ? Optional.empty() : Optional.of(Difference.of(text, again, before));
    }

    private void begin(Line line) {
        if (line.full().isPresent()) {
            if (line.full().get() != Line.VERSION) {
                throw new IllegalArgumentException(
                        "its format is version " + line.full().get() + ", this program reads " + Line.VERSION);
            }
            lines = new JournalLines();
            name = line.pool().orElseThrow(() -> new IllegalArgumentException("a full line without a pool"));
            pool = null;
            template = Optional.empty();
            machines = new TreeMap<>();
            missing = Set.of();
            plan = null;
        } else if (name == null) {
            throw new IllegalArgumentException("it does not begin with a full line");
        }
    }

    private Entry again(Line line) {
        limits = line.limits().orElse(limits);
        Limits known = Objects.requireNonNull(limits, "a full line has limits");
        Optional<String> failure = Optional.empty();
        Optional<Settling> settling = Optional.empty();
        if (line.settled().isPresent()) {
            Line.Settled settled = line.settled().get();
            PoolState before = advanced(settled.rows());
            PoolEdit edit = new PoolEdit(before, settled.at());
            Observation seen = seen(settled);
            PoolState after = before;
            try {
                Settler.settle(edit, seen, known);
                after = edit.state();
            } catch (RuntimeException bug) {
                failure = Optional.of(String.valueOf(bug));
            }
            pool = after;
            settling = Optional.of(new Settling(before, seen, settled.at(), after));
        }
        Optional<Considering> planning = Optional.empty();
        if (line.planned().isPresent() && failure.isEmpty()) {
            Line.Planned planned = line.planned().get();
            PoolState before = advanced(planned.rows());
            template = planned.unresolved().isPresent()
                    ? Optional.empty()
                    : planned.template().or(() -> template);
            boolean blind = planned.blind().orElse(false);
            PoolEdit edit = new PoolEdit(before, planned.at());
            Optional<Plan> made = Optional.empty();
            PoolState after = before;
            try {
                made = Optional.of(Planning.plan(edit, template, blind, known));
                after = edit.state();
            } catch (RuntimeException bug) {
                failure = Optional.of(String.valueOf(bug));
            }
            pool = after;
            planning = Optional.of(new Considering(before, template, blind, planned.at(), made, after));
        }
        return new Entry(known, settling, planning, failure);
    }

    /** What became of the pool before this step. */
    private PoolState advanced(Optional<Map<String, Map<String, JsonNode>>> differing) {
        Map<Key, Optional<Document>> rows = new LinkedHashMap<>();
        differing.ifPresent(parts -> parts.forEach((part, byKey) -> byKey.forEach((key, row) -> rows.put(
                new Key(part, key), row.isNull() ? Optional.empty() : Optional.of(JournalJson.document(row))))));
        PoolState now;
        if (pool == null) {
            Map<Key, Document> all = new LinkedHashMap<>();
            rows.forEach((key, row) -> row.ifPresent(document -> all.put(key, document)));
            now = PoolParts.state(Objects.requireNonNull(name), all);
        } else {
            now = PoolParts.changed(pool, rows);
        }
        pool = now;
        return now;
    }

    private Observation seen(Line.Settled settled) {
        settled.machines()
                .ifPresent(differs -> differs.forEach((id, rows) -> {
                    if (rows.isEmpty()) {
                        machines.remove(id);
                    } else {
                        machines.put(id, rows);
                    }
                }));
        missing = settled.missing().<Set<Scope>>map(now -> now).orElse(missing);
        return new Observation(
                settled.begun(),
                machines.values().stream().flatMap(List::stream).toList(),
                missing,
                settled.refusals().orElse(List.of()));
    }

    /** A line that cannot be lived again. */
    public static final class UnreadableLine extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnreadableLine(String text, Throwable cause) {
            super(text, cause);
        }
    }
}
