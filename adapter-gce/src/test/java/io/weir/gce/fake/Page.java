package io.weir.gce.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One page of a listing. Pages follow each other by the key of the last one shown and not by a count, so what comes and goes in between
 * shifts nothing.
 *
 * @param next the token for the next page; empty: this is the last
 */
record Page<T extends Message>(List<T> things, String next) {
    private static final int MOST = 500;
    private static final String MARK = "after:";

    /** How a listing was asked for. */
    private record Asked(int size, String after, boolean newestFirst, String filter) {
        static Asked of(Schema.Call call, GceDials dials) throws Refusal {
            String maxResults = call.text("max_results");
            int asked = maxResults.isEmpty() ? MOST : Integer.parseInt(maxResults);
            if (asked < 0 || asked > MOST) {
                throw Refusal.invalid("maxResults", maxResults, "Must be between 0 and 500, inclusive.");
            }
            String order = call.text("order_by");
            if (!order.isEmpty() && !order.equals("name") && !order.equals("creationTimestamp desc")) {
                throw Refusal.invalid("orderBy", order, "Must be name or creationTimestamp desc.");
            }
            String token = call.text("page_token");
            return new Asked(
                    Math.min(asked == 0 ? MOST : asked, dials.pageSize()),
                    token.isEmpty() ? "" : read(token),
                    order.startsWith("creationTimestamp"),
                    call.text("filter"));
        }
    }

    /**
     * @param key of a thing; pages go by it
     * @param born what orders by age
     * @param kind an empty one, to know its fields
     */
    static <T extends Message> Page<T> of(
            Schema.Call call, GceDials dials, List<T> things, Function<T, String> key, Function<T, String> born, T kind)
            throws Refusal {
        Asked asked = Asked.of(call, dials);
        Predicate<Message> filter = Filter.of(asked.filter, kind);
        Function<T, String> order = asked.newestFirst ? thing -> born.apply(thing) + " " + key.apply(thing) : key;
        Comparator<T> comparator = Comparator.comparing(order);
        List<T> sorted = things.stream()
                .filter(filter)
                .sorted(asked.newestFirst ? comparator.reversed() : comparator)
                .toList();
        List<T> page = new ArrayList<>();
        for (T thing : sorted) {
            int after = asked.after.isEmpty() ? 1 : order.apply(thing).compareTo(asked.after);
            if (!asked.after.isEmpty() && (asked.newestFirst ? after >= 0 : after <= 0)) {
                continue;
            }
            if (page.size() == asked.size) {
                return new Page<>(page, write(order.apply(page.get(page.size() - 1))));
            }
            page.add(thing);
        }
        return new Page<>(page, "");
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
        throw Refusal.invalid("pageToken", token, "Invalid page token.");
    }
}
