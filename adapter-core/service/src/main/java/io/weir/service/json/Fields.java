package io.weir.service.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over one object of a strictly read document.
 *
 * <ol>
 *   <li>Each accessor names a field once, says what it must be, and answers its value. What is wrong is added to the problems of the
 *       document, and a value that fits the rule is answered in its place, so that reading goes on and every problem is heard at once.
 *   <li>{@code null} is never a value: a field is there with a value, or not there.
 *   <li>Nothing is converted: {@code "2"}, {@code 2.0}, {@code 2e0} and {@code true} are not the whole number 2.
 *   <li>{@link #finish()} tells of each field that nobody asked for, with the name that was probably meant.
 * </ol>
 */
public final class Fields {
    private static final int SHOWN = 60;

    private final JsonNode node;
    private final String path;
    private final Problems problems;
    private final boolean absent;
    private final Set<String> asked = new LinkedHashSet<>();

    private Fields(JsonNode node, String path, Problems problems, boolean absent) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        this.absent = absent;
    }

    /** The fields of a document. One that is not an object has no fields, and that is its problem. */
    public static Fields of(JsonNode document, Problems problems) {
        return of(document, "", problems);
    }

    private static Fields of(JsonNode node, String path, Problems problems) {
        if (node.isObject()) {
            return new Fields(node, path, problems, false);
        }
        problems.add(path, "must be an object, not " + shown(node));
        return new Fields(JsonNodeFactory.instance.objectNode(), path, problems, true);
    }

    /**
     * Reads a whole document: the reader's value, or the refusal that tells of everything wrong with it. An
     * IllegalArgumentException that our own records throw while the reader builds its value is a problem of the document too.
     */
    public static <T> T read(JsonNode document, Function<Fields, T> reader) {
        var problems = new Problems();
        T value = value(of(document, problems), reader, problems);
        if (problems.any()) {
            throw problems.refusal();
        }
        return value;
    }

    /** The same, answering the problems instead of throwing them; the value counts only if there are none. */
    public static <T> @Nullable T read(JsonNode document, Problems problems, Function<Fields, T> reader) {
        return value(of(document, problems), reader, problems);
    }

    @SuppressWarnings("NullAway") // the value is only used when there is no problem, and then it is there
    private static <T> T value(Fields fields, Function<Fields, T> reader, Problems problems) {
        T value = null;
        try {
            value = reader.apply(fields);
        } catch (RuntimeException e) {
            if (ours(e)) {
                problems.add(fields.path, String.valueOf(e.getMessage()));
            } else if (!problems.any()) {
                throw e;
            }
        }
        fields.finish();
        return value;
    }

    /** Thrown by a rule of our own, not by the JDK, whose messages name classes. */
    private static boolean ours(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return e instanceof IllegalArgumentException
                && trace.length > 0
                && trace[0].getClassName().startsWith("io.weir.");
    }

    public boolean has(String name) {
        return take(name) != null;
    }

    public int requiredInt(String name, int min, int max) {
        return (int) whole(name, due(name), min, max, min);
    }

    public int optionalInt(String name, int min, int max, int otherwise) {
        return (int) whole(name, take(name), min, max, otherwise);
    }

    public @Nullable Integer optionalInt(String name, int min, int max) {
        JsonNode found = take(name);
        return found == null ? null : (int) whole(name, found, min, max, min);
    }

    public long requiredLong(String name, long min, long max) {
        return whole(name, due(name), min, max, min);
    }

    public @Nullable Long optionalLong(String name, long min, long max) {
        JsonNode found = take(name);
        return found == null ? null : whole(name, found, min, max, min);
    }

    public double requiredNumber(String name, double min, double max) {
        return number(name, due(name), min, max, min);
    }

    public double optionalNumber(String name, double min, double max, double otherwise) {
        return number(name, take(name), min, max, otherwise);
    }

    public @Nullable Double optionalNumber(String name, double min, double max) {
        JsonNode found = take(name);
        return found == null ? null : number(name, found, min, max, min);
    }

    public boolean requiredBoolean(String name) {
        return truth(name, due(name), false);
    }

    public boolean optionalBoolean(String name, boolean otherwise) {
        return truth(name, take(name), otherwise);
    }

    public @Nullable Boolean optionalBoolean(String name) {
        JsonNode found = take(name);
        return found == null ? null : truth(name, found, false);
    }

    /** A text of at least one and at most so many characters. */
    public String requiredString(String name, int longest) {
        String text = text(name, due(name), 1, longest);
        return text == null ? "?" : text;
    }

    public @Nullable String optionalString(String name, int longest) {
        return text(name, take(name), 0, longest);
    }

    public String optionalString(String name, int longest, String otherwise) {
        String text = optionalString(name, longest);
        return text == null ? otherwise : text;
    }

    public <E extends Enum<E>> E requiredChoice(String name, Class<E> choices) {
        E choice = choice(name, due(name), choices);
        return choice == null ? choices.getEnumConstants()[0] : choice;
    }

    public <E extends Enum<E>> @Nullable E optionalChoice(String name, Class<E> choices) {
        return choice(name, take(name), choices);
    }

    public <E extends Enum<E>> E optionalChoice(String name, Class<E> choices, E otherwise) {
        E choice = optionalChoice(name, choices);
        return choice == null ? otherwise : choice;
    }

    /** A duration such as {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}, {@code 500ms} or {@code PT30S}. */
    public Duration requiredDuration(String name, Duration min, Duration max) {
        Duration duration = duration(name, due(name), min, max);
        return duration == null ? min : duration;
    }

    public @Nullable Duration optionalDuration(String name, Duration min, Duration max) {
        return duration(name, take(name), min, max);
    }

    public Duration optionalDuration(String name, Duration min, Duration max, Duration otherwise) {
        Duration duration = optionalDuration(name, min, max);
        return duration == null ? otherwise : duration;
    }

    /** An object read by a reader of its own. */
    public <T> T required(String name, Function<Fields, T> reader) {
        JsonNode found = due(name);
        Fields inner = found == null
                ? new Fields(JsonNodeFactory.instance.objectNode(), below(name), problems, true)
                : of(found, below(name), problems);
        return value(inner, reader, problems);
    }

    public <T> @Nullable T optional(String name, Function<Fields, T> reader) {
        JsonNode found = take(name);
        return found == null ? null : value(of(found, below(name), problems), reader, problems);
    }

    public <T> T optional(String name, Function<Fields, T> reader, T otherwise) {
        T value = optional(name, reader);
        return value == null ? otherwise : value;
    }

    /** A list of objects; an absent one is empty. */
    public <T> List<T> list(String name, int longest, Function<Fields, T> reader) {
        List<T> values = new ArrayList<>();
        List<JsonNode> items = items(name, take(name), longest);
        for (int i = 0; i < items.size(); i++) {
            T value = value(of(items.get(i), below(name) + "[" + i + "]", problems), reader, problems);
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    /** A list of texts; an absent one is empty. */
    public List<String> strings(String name, int longest, int longestText) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> items = items(name, take(name), longest);
        for (int i = 0; i < items.size(); i++) {
            String text = text(name + "[" + i + "]", items.get(i), 1, longestText);
            if (text != null) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }

    /** An object whose names are free and whose values are texts; an absent one is empty. The order of the document is kept. */
    public Map<String, String> stringMap(String name, int largest, int longestText) {
        Map<String, String> texts = new LinkedHashMap<>();
        entries(name, largest).forEach((key, item) -> {
            String text = text(name + "." + key, item, 0, longestText);
            if (text != null) {
                texts.put(key, text);
            }
        });
        return java.util.Collections.unmodifiableMap(texts);
    }

    /** An object whose names are free and whose values are objects; an absent one is empty. The order of the document is kept. */
    public <T> Map<String, T> map(String name, int largest, Function<Fields, T> reader) {
        Map<String, T> values = new LinkedHashMap<>();
        entries(name, largest).forEach((key, item) -> {
            T value = value(of(item, below(name + "." + key), problems), reader, problems);
            if (value != null) {
                values.put(key, value);
            }
        });
        return java.util.Collections.unmodifiableMap(values);
    }

    /** A secret by reference: {@code env:NAME} or {@code file:/path}. */
    public @Nullable Secret optionalSecret(String name) {
        String reference = optionalString(name, 4096);
        if (reference == null) {
            return null;
        }
        try {
            return Secret.of(reference);
        } catch (IllegalArgumentException e) {
            problem(name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Whatever stands there, unread. */
    public @Nullable JsonNode raw(String name) {
        return take(name);
    }

    /** A rule of the reader's own is broken. */
    public void problem(String name, String message) {
        problems.add(below(name), message);
    }

    /** The path of this object in its document; empty for the document itself. */
    public String path() {
        return path;
    }

    /** Tells of each field that nobody asked for. */
    void finish() {
        Set<String> known = Set.copyOf(asked);
        Set<String> unused = known.stream().filter(name -> !node.has(name)).collect(Collectors.toSet());
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = field.getKey();
            if (asked.add(name)) {
                problems.add(below(cut(name)), "is not a known field" + hint(name, unused, known));
            }
        }
    }

    /** Rather a name that is not given yet. */
    private static String hint(String name, Set<String> unused, Set<String> known) {
        String hint = Spelling.hint(name, unused);
        return hint.isEmpty() ? Spelling.hint(name, known) : hint;
    }

    private @Nullable JsonNode take(String name) {
        asked.add(name);
        JsonNode found = node.get(name);
        if (found != null && found.isNull()) {
            problems.add(below(name), "must not be null; leave it out, or give it a value");
            return null;
        }
        return found;
    }

    private @Nullable JsonNode due(String name) {
        boolean nulled = node.has(name) && node.get(name).isNull();
        if (nulled) {
            asked.add(name);
            problems.add(below(name), "must not be null");
            return null;
        }
        JsonNode found = take(name);
        if (found == null && !absent) {
            problems.add(below(name), "is missing");
        }
        return found;
    }

    private long whole(String name, @Nullable JsonNode found, long min, long max, long otherwise) {
        if (found == null) {
            return otherwise;
        }
        if (!found.isIntegralNumber()) {
            problems.add(below(name), "must be a whole number" + range(min, max) + ", not " + shown(found));
            return otherwise;
        }
        BigInteger value = found.bigIntegerValue();
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            problems.add(below(name), "must be a whole number" + range(min, max) + ", not " + shown(found));
            return otherwise;
        }
        return value.longValueExact();
    }

    private double number(String name, @Nullable JsonNode found, double min, double max, double otherwise) {
        if (found == null) {
            return otherwise;
        }
        double value = found.isNumber() ? found.doubleValue() : Double.NaN;
        if (!(value >= min && value <= max)) {
            problems.add(
                    below(name), "must be a number from " + plain(min) + " to " + plain(max) + ", not " + shown(found));
            return otherwise;
        }
        return value;
    }

    private boolean truth(String name, @Nullable JsonNode found, boolean otherwise) {
        if (found == null) {
            return otherwise;
        }
        if (!found.isBoolean()) {
            problems.add(below(name), "must be true or false, not " + shown(found));
            return otherwise;
        }
        return found.booleanValue();
    }

    private @Nullable String text(String name, @Nullable JsonNode found, int shortest, int longest) {
        if (found == null) {
            return null;
        }
        if (!found.isTextual()) {
            problems.add(below(name), "must be a text, not " + shown(found));
            return null;
        }
        String text = found.textValue();
        if (text.length() < shortest) {
            problems.add(below(name), "must not be empty");
            return null;
        }
        if (text.length() > longest) {
            problems.add(below(name), "must have at most " + longest + " characters, not " + text.length());
            return null;
        }
        return text;
    }

    private <E extends Enum<E>> @Nullable E choice(String name, @Nullable JsonNode found, Class<E> choices) {
        if (found == null) {
            return null;
        }
        List<String> names =
                Arrays.stream(choices.getEnumConstants()).map(Fields::written).toList();
        int at = found.isTextual() ? names.indexOf(found.textValue()) : -1;
        if (at < 0) {
            String hint = found.isTextual() ? Spelling.hint(found.textValue(), names) : "";
            problems.add(below(name), "must be one of " + String.join(", ", names) + ", not " + shown(found) + hint);
            return null;
        }
        return choices.getEnumConstants()[at];
    }

    /** An enum constant is written as its toString, so that an enum may have wire names of its own. */
    private static String written(Enum<?> constant) {
        return constant.toString();
    }

    private @Nullable Duration duration(String name, @Nullable JsonNode found, Duration min, Duration max) {
        if (found == null) {
            return null;
        }
        Duration duration = found.isTextual() ? Durations.parse(found.textValue()) : null;
        if (duration == null) {
            problems.add(below(name), "must be a duration such as 30s, 5m or 2h, not " + shown(found));
            return null;
        }
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            problems.add(
                    below(name),
                    "must be from " + Durations.text(min) + " to " + Durations.text(max) + ", not " + shown(found));
            return null;
        }
        return duration;
    }

    private List<JsonNode> items(String name, @Nullable JsonNode found, int longest) {
        if (found == null) {
            return List.of();
        }
        if (!found.isArray()) {
            problems.add(below(name), "must be a list, not " + shown(found));
            return List.of();
        }
        if (found.size() > longest) {
            problems.add(below(name), "must have at most " + longest + " entries, not " + found.size());
            return List.of();
        }
        List<JsonNode> items = new ArrayList<>();
        found.forEach(items::add);
        return items;
    }

    private Map<String, JsonNode> entries(String name, int largest) {
        JsonNode found = take(name);
        if (found == null) {
            return Map.of();
        }
        if (!found.isObject()) {
            problems.add(below(name), "must be an object, not " + shown(found));
            return Map.of();
        }
        if (found.size() > largest) {
            problems.add(below(name), "must have at most " + largest + " entries, not " + found.size());
            return Map.of();
        }
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        found.properties().forEach(field -> entries.put(field.getKey(), field.getValue()));
        return entries;
    }

    private String below(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String range(long min, long max) {
        return " from " + min + " to " + max;
    }

    private static String plain(double bound) {
        if (bound == Double.MAX_VALUE || bound == Double.POSITIVE_INFINITY) {
            return "any";
        }
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    /** What stands there, in a few words: never the whole of something long. */
    private static String shown(JsonNode node) {
        if (node.isObject()) {
            return "an object";
        }
        if (node.isArray()) {
            return "a list";
        }
        if (node.isNull()) {
            return "null";
        }
        if (node.isTextual()) {
            return "\"" + cut(node.textValue()) + "\"";
        }
        return cut(node.isBigDecimal() ? node.decimalValue().toString() : node.asText());
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
