package io.weir.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a line differs from what is made of it now.
 *
 * @param at when it was settled or planned
 * @param fields what differs, by its path
 */
public record Difference(String at, List<Field> fields) {
    private static final String NOTHING = "nothing";

    /** The plan is the same. What else settling or planning change of the pool is not, or an input was changed in the file. */
    public boolean isHashAlone() {
        return fields.size() == 1 && fields.getFirst().path().equals(Line.HASH);
    }

    /** One value, as the journal has it and as it is made now. */
    public record Field(String path, String then, String now) {}

    /** @param before the plan of the line before, which holds where a line has none */
    static Difference of(String then, String now, @Nullable JsonNode before) {
        JsonNode first = JournalJson.read(then, JsonNode.class);
        Map<String, String> was = leaves(first, before);
        Map<String, String> is = leaves(JournalJson.read(now, JsonNode.class), before);
        Set<String> paths = new LinkedHashSet<>(was.keySet());
        paths.addAll(is.keySet());
        List<Field> fields = new ArrayList<>();
        for (String path : paths) {
            String old = was.getOrDefault(path, NOTHING);
            String made = is.getOrDefault(path, NOTHING);
            if (!old.equals(made)) {
                fields.add(new Field(path, old, made));
            }
        }
        if (fields.isEmpty()) {
            fields.add(new Field("line", then, now)); // the same values, written otherwise
        }
        JsonNode time = first.at("/planned/at").isMissingNode() ? first.at("/settled/at") : first.at("/planned/at");
        return new Difference(time.asText(), List.copyOf(fields));
    }

    private static Map<String, String> leaves(JsonNode line, @Nullable JsonNode before) {
        Map<String, String> leaves = new LinkedHashMap<>();
        walk("", line, leaves);
        if (before != null && !line.has("plan") && !line.has("failed")) {
            walk("plan", before, leaves);
        }
        return leaves;
    }

    private static void walk(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(field -> walk(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), leaves));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                walk(path + "[" + i + "]", node.get(i), leaves);
            }
        } else {
            leaves.put(path, node.toString());
        }
    }
}
