package io.weir.gce.compute;

import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.service.json.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Machines that somebody else launched and labelled, and that become members of a pool.
 *
 * <p>They show as members of another store, one that never beats: so they are seen and nothing is done, until somebody adopts that
 * store or the pool's {@code adoptAfter} is over. Adopted machines get Weir's labels; the others stay as they are. A machine that bears
 * a label of Weir's is judged by that alone, and one that two pools could have is of neither.
 *
 * @param labels pool → the label that its machines bear
 */
public record TakeOver(Map<PoolName, Label> labels) {
    public static final TakeOver NONE = new TakeOver(Map.of());
    public static final StoreId STORE = new StoreId("labelled");

    private static final Pattern LABEL = Pattern.compile("([a-z][a-z0-9_-]{0,62})=([a-z0-9_-]{1,63})");
    private static final int MOST_POOLS = 100;
    private static final int LONGEST = 127;

    /** As Compute Engine has it. */
    public record Label(String key, String value) {}

    public TakeOver {
        labels = Map.copyOf(labels);
    }

    /** The field {@code takeOver} of a connection: pool → {@code key=value}. */
    public static TakeOver read(Fields connection) {
        Map<PoolName, Label> labels = new TreeMap<>();
        connection.stringMap("takeOver", MOST_POOLS, LONGEST).forEach((pool, text) -> {
            String field = "takeOver." + pool;
            Matcher label = LABEL.matcher(text);
            if (!PoolName.isLegal(pool)) {
                connection.problem(field, "is no pool name of ours");
            } else if (!label.matches()) {
                connection.problem(
                        field,
                        "must be the label of the machines as key=value, in small letters, digits, - and _, such as"
                                + " service=shop, not \"" + text + "\"");
            } else if (label.group(1).startsWith("weir-") || label.group(1).startsWith("goog")) {
                connection.problem(field, "must be a label of yours: Weir's and Google's own are none");
            } else if (labels.containsValue(new Label(label.group(1), label.group(2)))) {
                connection.problem(field, "takes over " + text + ", and so does another pool");
            } else {
                labels.put(new PoolName(pool), new Label(label.group(1), label.group(2)));
            }
        });
        return new TakeOver(labels);
    }

    /** What a machine's labels come to. */
    Optional<Marks> marks(Map<String, String> of) {
        if (of.containsKey(Marks.POOL_TAG) || of.containsKey(Marks.MARKS_TAG)) {
            return Optional.empty();
        }
        List<PoolName> pools = labels.entrySet().stream()
                .filter(pool ->
                        pool.getValue().value().equals(of.get(pool.getValue().key())))
                .map(Map.Entry::getKey)
                .toList();
        return pools.size() != 1
                ? Optional.empty()
                : Optional.of(new Marks(
                        Optional.of(pools.getFirst()),
                        STORE,
                        0,
                        ServiceState.UNKNOWN,
                        MembershipStatus.DEFAULT,
                        Optional.empty()));
    }

    /** The terms of a listing's filter that find them. */
    Stream<String> terms(Set<PoolName> of) {
        return labels.entrySet().stream()
                .filter(pool -> of.contains(pool.getKey()))
                .map(pool -> "(labels." + pool.getValue().key() + " = \""
                        + pool.getValue().value() + "\")")
                .sorted();
    }
}
