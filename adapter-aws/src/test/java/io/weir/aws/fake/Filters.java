package io.weir.aws.fake;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The filters that a Describe call knows for its things: each name says which values a thing has under it. A thing passes if for every
 * filter of the call one of its values matches one of the filter's ({@code *} and {@code ?} stand for any text and any character).
 */
final class Filters<T> {
    /** EC2 takes no more values than so many in one call. */
    private static final int VALUES_MAX = 200;

    private final Map<String, Function<T, Collection<String>>> byName = new HashMap<>();
    private @Nullable Function<T, Map<String, String>> tags;

    Filters<T> with(String name, Function<T, @Nullable Object> value) {
        return each(name, thing -> {
            Object one = value.apply(thing);
            return one == null ? List.of() : List.of(one.toString());
        });
    }

    Filters<T> each(String name, Function<T, Collection<String>> values) {
        byName.put(name, values);
        return this;
    }

    /** {@code tag:key}, {@code tag-key} and {@code tag-value}. */
    Filters<T> tags(Function<T, Map<String, String>> of) {
        tags = of;
        each("tag-key", thing -> of.apply(thing).keySet());
        return each("tag-value", thing -> of.apply(thing).values());
    }

    /** What the filters of a call let pass. */
    Predicate<T> of(Query query) throws Refusal {
        Predicate<T> all = thing -> true;
        int values = 0;
        for (Query filter : query.items("Filter")) {
            String name = filter.need("Name");
            List<Pattern> patterns =
                    filter.texts("Value").stream().map(Filters::pattern).toList();
            values += patterns.size();
            Function<T, Collection<String>> of = values(name);
            all = all.and(thing -> of.apply(thing).stream().anyMatch(value -> patterns.stream()
                    .anyMatch(pattern -> pattern.matcher(value).matches())));
        }
        if (values > VALUES_MAX) {
            throw Refusal.client("FilterLimitExceeded", "The maximum number of filter values is " + VALUES_MAX);
        }
        return all;
    }

    private Function<T, Collection<String>> values(String name) throws Refusal {
        Function<T, Map<String, String>> ofTags = tags;
        if (ofTags != null && name.startsWith("tag:")) {
            String key = name.substring(4);
            return thing -> {
                String value = ofTags.apply(thing).get(key);
                return value == null ? List.of() : List.of(value);
            };
        }
        Function<T, Collection<String>> known = byName.get(name);
        if (known == null) {
            throw Refusal.value("The filter '" + name + "' is invalid");
        }
        return known;
    }

    private static Pattern pattern(String wildcards) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < wildcards.length(); i++) {
            char c = wildcards.charAt(i);
            if (c == '\\' && i + 1 < wildcards.length()) {
                pattern.append(Pattern.quote(wildcards.substring(i + 1, i + 2)));
                i++;
            } else if (c == '*') {
                pattern.append(".*");
            } else if (c == '?') {
                pattern.append('.');
            } else {
                pattern.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }
}
