package io.weir.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.journal.Journal.Considering;
import io.weir.journal.Journal.Entry;
import io.weir.journal.Journal.Settling;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.pool.CloudMachine;
import io.weir.pool.Observation;
import io.weir.pool.PoolState;
import io.weir.pool.Scope;
import io.weir.pool.Template;
import io.weir.store.PoolParts;
import io.weir.store.PoolParts.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Entries as lines, each the difference to the one before.
 *
 * <ol>
 *   <li>The first line of every instance is full.
 *   <li>What settling and planning make of a pool is not written: a replay makes it again. What became of it between (answers,
 *       wishes, calls on a machine) is.
 *   <li>A line ends with a hash of what settling changed, of what planning changed, of the plan and of the line itself: none of
 *       it can be another one unnoticed.
 * </ol>
 */
public final class JournalLines {
    /** Characters of a hash: 64 bits. */
    private static final int HASH = 16;

    private @Nullable PoolState pool;
    private @Nullable Limits limits;
    private Optional<Template> template = Optional.empty();
    private SortedMap<String, List<CloudMachine>> machines = new TreeMap<>();
    private SortedSet<Scope> missing = new TreeSet<>();
    private @Nullable Plan plan;
    private String planText = "";

    /** A line, without its end. */
    public String next(Entry entry) {
        boolean full = pool == null;
        MessageDigest hash = sha256();
        PoolState first = entry.settling()
                .map(Settling::before)
                .orElseGet(() -> entry.planning().orElseThrow().before());
        Optional<Limits> changed = Optional.of(entry.limits()).filter(now -> !now.equals(limits));
        limits = entry.limits();
        Optional<Line.Settled> settled = entry.settling().map(settling -> settled(settling, hash));
        Optional<Line.Planned> planned = entry.planning().map(planning -> planned(planning, hash));
        Optional<Plan> made = entry.planning().flatMap(Considering::plan);
        boolean samePlan = made.isEmpty() || made.get().equals(plan);
        if (!samePlan) {
            plan = made.get();
            planText = JournalJson.text(Line.Written.of(plan));
        }
        update(hash, made.isEmpty() ? "" : planText);
        String line = JournalJson.text(new Line(
                full ? Optional.of(Line.VERSION) : Optional.empty(),
                full ? Optional.of(first.name()) : Optional.empty(),
                changed,
                settled,
                planned,
                samePlan ? Optional.empty() : made.map(Line.Written::of).map(JournalJson::tree),
                entry.failure()));
        update(hash, line);
        String digest = HexFormat.of().formatHex(hash.digest()).substring(0, HASH);
        return line.substring(0, line.length() - 1) + ",\"" + Line.HASH + "\":\"" + digest + "\"}";
    }

    private Line.Settled settled(Settling settling, MessageDigest hash) {
        Observation seen = settling.seen();
        SortedMap<String, List<CloudMachine>> shown = byId(seen.machines());
        SortedMap<String, List<CloudMachine>> differs = new TreeMap<>();
        shown.forEach((id, rows) -> {
            if (!rows.equals(machines.get(id))) {
                differs.put(id, rows);
            }
        });
        machines.keySet().stream().filter(id -> !shown.containsKey(id)).forEach(id -> differs.put(id, List.of()));
        machines = shown;
        SortedSet<Scope> dark = new TreeSet<>(seen.missing());
        boolean sameMissing = dark.equals(missing);
        missing = dark;
        return new Line.Settled(
                settling.at(),
                seen.begun(),
                step(settling.before(), settling.after(), hash),
                differs.isEmpty() ? Optional.empty() : Optional.of(differs),
                sameMissing ? Optional.empty() : Optional.of(dark),
                seen.refusals().isEmpty() ? Optional.empty() : Optional.of(seen.refusals()));
    }

    private static SortedMap<String, List<CloudMachine>> byId(List<CloudMachine> rows) {
        SortedMap<String, List<CloudMachine>> byId = new TreeMap<>();
        for (CloudMachine row : rows) {
            byId.computeIfAbsent(row.id().value(), id -> new ArrayList<>(1)).add(row);
        }
        return byId;
    }

    private Line.Planned planned(Considering planning, MessageDigest hash) {
        Optional<Template> changed = planning.template().filter(now -> !template.equals(Optional.of(now)));
        template = planning.template();
        return new Line.Planned(
                planning.at(),
                step(planning.before(), planning.after(), hash),
                changed,
                template.isEmpty() ? Optional.of(true) : Optional.empty(),
                planning.blind() ? Optional.of(true) : Optional.empty());
    }

    /** What became of the pool since the last step; and what this one makes of it goes into the hash. */
    private Optional<Map<String, Map<String, JsonNode>>> step(PoolState before, PoolState after, MessageDigest hash) {
        Map<String, Map<String, JsonNode>> rows = tree(PoolParts.exactDifference(Optional.ofNullable(pool), before));
        pool = after;
        update(hash, JournalJson.text(tree(PoolParts.difference(Optional.of(before), after))));
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows);
    }

    private static Map<String, Map<String, JsonNode>> tree(Map<Key, Optional<Object>> rows) {
        Map<String, Map<String, JsonNode>> byPart = new TreeMap<>();
        rows.forEach((key, row) -> byPart.computeIfAbsent(key.part(), part -> new TreeMap<>())
                .put(
                        key.key(),
                        row.map(JournalJson::tree).orElse(com.fasterxml.jackson.databind.node.NullNode.getInstance())));
        return byPart;
    }

    private static void update(MessageDigest hash, String text) {
        hash.update(text.getBytes(StandardCharsets.UTF_8));
        hash.update((byte) '\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
