package io.weir.aws.ec2;

import io.weir.driver.CloudException;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Our names and EC2's numbers. All instances of one launch bear the same tags and differ in their launch index alone, so a machine
 * is (batch, launch index), and its name follows.
 *
 * <ol>
 *   <li>A whole batch, places 0 to n-1, needs nothing more: launch index k is place k.
 *   <li>A part of a batch says in {@value #PART_TAG} which places it asked for, in order, as runs in base 36: with {@code 1.4-7}
 *       launch index 0 is place 1 and launch index 2 is place 5. The tag is a parameter of the call, so EC2 takes two different parts
 *       under one token for what they are, a mismatch, and never launches both.
 *   <li>An instance has a name only if its client token is the batch that its tag names: the console's "launch more like this"
 *       copies tags and makes a token of its own.
 * </ol>
 */
final class Ec2Names {
    static final String BATCH_TAG = "weir-batch";
    static final String PART_TAG = "weir-part";

    private static final int LONGEST_TAG = 256;
    private static final int LONGEST_TOKEN = 64;

    private Ec2Names() {}

    /** The names asked for in the order of their places, which is the order of their launch indices. */
    static List<MachineName> ordered(Batch batch) throws CloudException {
        TreeMap<Integer, MachineName> byPlace = new TreeMap<>();
        for (MachineName name : batch.names()) {
            OptionalInt place = name.indexIn(batch.id());
            if (place.isEmpty()) {
                throw new CloudException(FailureKind.INVALID_TEMPLATE, name + " is no name of batch " + batch.id());
            }
            byPlace.put(place.getAsInt(), name);
        }
        return List.copyOf(byPlace.values());
    }

    /** What {@value #PART_TAG} says of these names; empty if they are a whole batch. */
    static Optional<String> part(BatchId batch, List<MachineName> ordered) throws CloudException {
        List<String> runs = new ArrayList<>();
        boolean whole = true;
        int at = 0;
        while (at < ordered.size()) {
            int first = ordered.get(at).indexIn(batch).orElseThrow();
            whole &= first == at;
            int last = first;
            while (++at < ordered.size() && ordered.get(at).indexIn(batch).orElseThrow() == last + 1) {
                last++;
            }
            runs.add(first == last ? text(first) : text(first) + "-" + text(last));
        }
        String part = String.join(".", runs);
        if (part.length() > LONGEST_TAG) {
            throw new CloudException(
                    FailureKind.INVALID_TEMPLATE, "a part of " + runs.size() + " runs does not fit into one tag");
        }
        return whole ? Optional.empty() : Optional.of(part);
    }

    /** The name of an instance; empty if it is none of a batch of ours. */
    static Optional<MachineName> name(
            Optional<BatchId> batch, Optional<String> token, Optional<String> part, int launchIndex) {
        if (batch.isEmpty() || !batch.map(BatchId::value).equals(token)) {
            return Optional.empty();
        }
        int place = part.map(runs -> place(runs, launchIndex)).orElse(launchIndex);
        if (place < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(MachineName.of(batch.get(), place));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    static Optional<BatchId> batch(Optional<String> tag) {
        return tag.filter(value -> !value.isEmpty() && value.length() <= LONGEST_TOKEN)
                .map(BatchId::new);
    }

    /** The place of a launch index; -1 if the runs do not tell, as somebody edited them. */
    private static int place(String runs, int launchIndex) {
        int left = launchIndex;
        try {
            for (String run : runs.split("\\.", -1)) {
                int dash = run.indexOf('-');
                int first = number(dash < 0 ? run : run.substring(0, dash));
                int last = dash < 0 ? first : number(run.substring(dash + 1));
                if (left <= last - first) {
                    return first + left;
                }
                left -= last - first + 1;
            }
        } catch (NumberFormatException edited) {
            return -1;
        }
        return -1;
    }

    private static String text(int place) {
        return Integer.toString(place, Character.MAX_RADIX);
    }

    private static int number(String text) {
        return Integer.parseInt(text, Character.MAX_RADIX);
    }
}
