package io.weir.gce.compute;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.pool.BatchId;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our names and Compute Engine's. Pure.
 *
 * <ol>
 *   <li>An instance bears the machine's own name, which is nobody else's in its zone for as long as the instance exists; its id for a
 *       pool is {@code zone:name}. Names are never used twice, so neither are ids.
 *   <li>A launch's request id is half of the machine (zone and name) and half of what it is launched as. The first half tells of an
 *       operation whose launch it was; the second makes other parameters another request, which the name then refuses.
 *   <li>Every other request id is made of what is asked for and of what it was asked for on, so that the same wish is the same request,
 *       and the next wish another.
 * </ol>
 */
final class GceNames {
    static final String BATCH_LABEL = "weir-batch";
    /** Of what the machine was launched as: {@link #digest}. */
    static final String LAUNCH_LABEL = "weir-launch";

    /** What a zone is called within its region is Google's: {@code a}, or {@code ai1a}. */
    private static final Pattern ID =
            Pattern.compile("([a-z]+-[a-z]+(?:-[a-z]+)*[0-9]+-[a-z0-9]+):([a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)");

    private static final Pattern PLACE = Pattern.compile("[a-z]+(?:-[a-z]+)+[0-9]+(?:-[a-z0-9]+)?");
    private static final int DIGEST_BYTES = 6;
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000000000000000L;
    private static final int LONGEST = 63;
    private static final int HEAD = 48;

    private GceNames() {}

    /** Where an instance is. */
    record Place(String zone, String name) {
        MachineId id() {
            return new MachineId(zone + ":" + name);
        }
    }

    /** Empty: an id that no instance of this region can have. */
    static Optional<Place> place(MachineId id, String region) {
        var form = ID.matcher(id.value());
        return form.matches() && regionOf(form.group(1)).equals(region)
                ? Optional.of(new Place(form.group(1), form.group(2)))
                : Optional.empty();
    }

    static String regionOf(String zone) {
        int dash = zone.lastIndexOf('-');
        return dash < 0 ? zone : zone.substring(0, dash);
    }

    /** Whether it is another region, or a zone of one. */
    static boolean isElsewhere(String place, String region) {
        return PLACE.matcher(place).matches()
                && !place.equals(region)
                && !regionOf(place).equals(region);
    }

    /** Whether it is one of a region's zones for everything: those for artificial intelligence are farther away. */
    static boolean isForEverything(String zone) {
        return zone.lastIndexOf('-') == zone.length() - 2;
    }

    /** The last part of a path or an address; the whole if it has one part. */
    static String last(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** Our own name of an instance: only one that its batch label explains is ours. */
    static Optional<MachineName> machine(String instance, @Nullable String batch) {
        return batch(batch)
                .filter(id -> MachineName.isLegal(instance))
                .filter(id -> new MachineName(instance).indexIn(id).isPresent())
                .map(id -> new MachineName(instance));
    }

    static Optional<BatchId> batch(@Nullable String label) {
        return label == null || label.isEmpty() || label.length() > LONGEST
                ? Optional.empty()
                : Optional.of(new BatchId(label));
    }

    /** The name of a disk of a machine: the machine's, or as much of it as a name holds. */
    static String disk(String machine, int number) {
        String tail = "-data-" + number;
        return machine.length() + tail.length() <= LONGEST
                ? machine + tail
                : machine.substring(0, HEAD) + digest(machine).substring(0, 6) + tail;
    }

    static String digest(String text) {
        return HexFormat.of().formatHex(hash(text), 0, DIGEST_BYTES);
    }

    static UUID launch(Place place, String launchedAs) {
        return new UUID(half(launcher(place)), VARIANT | (half(launchedAs) >>> 2));
    }

    /** Whether an operation is a launch of that machine by Weir. */
    static boolean isLaunch(String requestId, Place place) {
        try {
            return UUID.fromString(requestId).getMostSignificantBits() == half(launcher(place));
        } catch (IllegalArgumentException noneOfOurs) {
            return false;
        }
    }

    private static String launcher(Place place) {
        return "launch/" + place.zone() + "/" + place.name();
    }

    static UUID change(String... wish) {
        String text = String.join("/", wish);
        return new UUID(half(text), VARIANT | (half(text + "/") >>> 2));
    }

    /** With the version of a UUID that is made by a rule of one's own (RFC 9562, version 8). */
    private static long half(String text) {
        return (ByteBuffer.wrap(hash(text)).getLong() & ~0xF000L) | VERSION;
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
