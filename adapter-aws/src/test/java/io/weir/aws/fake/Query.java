package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters of one call of the query protocol. {@code Filter.2.Value.1} is the first item of the list {@code Value} of the second
 * item of the list {@code Filter}.
 */
record Query(Map<String, String> values) {
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.|$)");

    /** What every call carries and no action asks for. */
    private static final Set<String> ENVELOPE = Set.of("Action", "Version");

    Query {
        values = Map.copyOf(values);
    }

    static Query parse(String form) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : form.isEmpty() ? new String[0] : form.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            values.put(URLDecoder.decode(parts[0], UTF_8), parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return new Query(values);
    }

    String action() {
        return values.getOrDefault("Action", "");
    }

    String version() {
        return values.getOrDefault("Version", "");
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String need(String name) throws Refusal {
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            throw Refusal.missing(name);
        }
        return value;
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(values.get(name));
    }

    Optional<Integer> number(String name) throws Refusal {
        String value = values.get(name);
        try {
            return Optional.ofNullable(value).map(Integer::valueOf);
        } catch (NumberFormatException noNumber) {
            throw Refusal.value(String.valueOf(value), name, "It is not a number.");
        }
    }

    /** Whether there is a value of this name, or something below it. */
    boolean has(String name) {
        return values.keySet().stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "."));
    }

    /** What is below a name. */
    Query part(String name) {
        Map<String, String> below = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(name + ".")) {
                below.put(key.substring(name.length() + 1), value);
            }
        });
        return new Query(below);
    }

    /** The items of a list, in the order of their numbers. */
    List<Query> items(String name) {
        Query below = part(name);
        Set<Integer> numbers = below.values.keySet().stream()
                .map(key -> key.split("\\.", 2)[0])
                .filter(number -> number.matches("\\d{1,6}"))
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
        return numbers.stream()
                .map(number -> below.part(Integer.toString(number)))
                .toList();
    }

    /** The items of a list of plain values, in the order of their numbers. */
    List<String> texts(String name) {
        Map<Integer, String> byNumber = new TreeMap<>();
        part(name).values.forEach((key, value) -> {
            if (key.matches("\\d{1,6}")) {
                byNumber.put(Integer.valueOf(key), value);
            }
        });
        return new ArrayList<>(byNumber.values());
    }

    /** The names that were given, with N for each number, without those of the envelope. */
    Set<String> shapes() {
        return values.keySet().stream()
                .filter(key -> !ENVELOPE.contains(key))
                .map(key -> NUMBER.matcher(key).replaceAll("N"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All but some names and the envelope, sorted: two calls that mean the same have the same. */
    Map<String, String> meaning(Set<String> without) {
        Map<String, String> meaning = new TreeMap<>(values);
        meaning.keySet().removeAll(ENVELOPE);
        meaning.keySet().removeAll(without);
        return meaning;
    }
}
