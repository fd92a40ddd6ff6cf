package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of what a Describe call found. Pages follow each other by the key of the last one shown and not by a count, so what comes and
 * goes in between shifts nothing.
 *
 * @param next the token for the next page; null: this is the last
 */
record Pages<T>(List<T> things, @Nullable String next) {
    private static final int LEAST = 5;
    private static final String MARK = "after:";

    /**
     * @param sorted by their keys
     * @param most the most that this API gives on a page
     */
    static <T> Pages<T> of(Query query, List<T> sorted, Function<T, String> key, int most) throws Refusal {
        Optional<Integer> asked = query.number("MaxResults");
        if (asked.isPresent() && asked.get() < LEAST) {
            throw Refusal.value("Value ( " + asked.get()
                    + " ) for parameter maxResults is invalid. Expecting a value greater than " + LEAST + ".");
        }
        Optional<String> token = query.text("NextToken").filter(text -> !text.isEmpty());
        String after = token.isPresent() ? read(token.get()) : "";
        // Without either there is one page, however long.
        int size = asked.isEmpty() && token.isEmpty() ? Integer.MAX_VALUE : Math.min(most, asked.orElse(most));
        List<T> page = new ArrayList<>();
        for (T thing : sorted) {
            if (key.apply(thing).compareTo(after) <= 0) {
                continue;
            }
            if (page.size() == size) {
                return new Pages<>(page, write(key.apply(page.get(size - 1))));
            }
            page.add(thing);
        }
        return new Pages<>(page, null);
    }

    /** Ids and pages are two ways to ask. */
    static void refuseWith(Query query, String ids, String set) throws Refusal {
        if (query.has(ids) && query.has("MaxResults")) {
            throw Refusal.combination(set, "maxResults");
        }
        if (query.has(ids) && query.has("NextToken")) {
            throw Refusal.combination(set, "nextToken");
        }
    }

    private static String write(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((MARK + key).getBytes(UTF_8));
    }

    private static String read(String token) throws Refusal {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            if (text.startsWith(MARK)) {
                return text.substring(MARK.length());
            }
        } catch (IllegalArgumentException notOurs) {
            // told below
        }
        throw Refusal.value("Unable to parse pagination token");
    }

    @Nullable
    Element element() {
        return Element.maybe("nextToken", next);
    }
}
