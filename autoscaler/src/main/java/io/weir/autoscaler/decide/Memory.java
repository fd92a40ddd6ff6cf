package io.weir.autoscaler.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision remembers of earlier ones; it is kept over restarts.
 *
 * <p>Cool-downs run from changes of the size that the adapter shows, whoever made them: an answer that was lost, a crash
 * between post and memory and a size set by hand all count. Of the wants only those are kept that can still be the highest.
 *
 * @param wants recent wants, oldest first, each higher than all later ones
 * @param lastSize the size the adapter showed last
 */
public record Memory(
        List<Want> wants,
        @Nullable Integer lastSize,
        @Nullable Instant lastUp,
        @Nullable Instant lastDown) {
    public static final Memory NONE = new Memory(List.of(), null, null, null);

    public record Want(int size, Instant at) {}

    public Memory {
        wants = List.copyOf(wants);
    }

    /** The adapter shows this size. */
    public Memory seen(int size, Instant at) {
        if (lastSize == null) {
            return new Memory(wants, size, lastUp, lastDown);
        }
        if (size == lastSize) {
            return this;
        }
        return size > lastSize ? new Memory(wants, size, at, lastDown) : new Memory(wants, size, lastUp, at);
    }

    /** Whatever lies in the future (a clock was set back) counts as now: it must not hold a pool for longer than it says. */
    public Memory notAfter(Instant now) {
        return new Memory(
                wants.stream()
                        .map(want -> want.at().isAfter(now) ? new Want(want.size(), now) : want)
                        .toList(),
                lastSize,
                earlier(lastUp, now),
                earlier(lastDown, now));
    }

    /**
     * One more want; those older than the window are forgotten. A window of which nothing is remembered (a new memory, or a
     * long silence) begins with the present size, so that the first look never shrinks a pool.
     */
    public Memory wanted(int size, int present, Instant at, Duration window) {
        Instant start = at.minus(window);
        var kept = new ArrayList<Want>();
        boolean silent = wants.isEmpty() || wants.getLast().at().isBefore(start);
        if (silent && present > size && !window.isZero()) {
            kept.add(new Want(present, at));
        }
        for (Want want : wants) {
            if (want.size() > size && !want.at().isBefore(start)) {
                kept.add(want);
            }
        }
        kept.add(new Want(size, at));
        return new Memory(kept, lastSize, lastUp, lastDown);
    }

    private static @Nullable Instant earlier(@Nullable Instant time, Instant now) {
        return time != null && time.isAfter(now) ? now : time;
    }

    /** The oldest of the kept wants is the highest. */
    public Want highestWant() {
        return wants.getFirst();
    }

    public @Nullable Instant lastChange() {
        if (lastUp == null) {
            return lastDown;
        }
        return lastDown == null || lastUp.isAfter(lastDown) ? lastUp : lastDown;
    }
}
