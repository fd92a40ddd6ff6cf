package io.weir.autoscaler.loop;

import io.weir.api.client.ETag;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.target.Hold;
import io.weir.autoscaler.target.Posted;
import io.weir.autoscaler.target.ScaledPool;
import io.weir.autoscaler.target.Sight;
import io.weir.autoscaler.target.Sight.Seen;
import io.weir.autoscaler.target.Sight.Unseen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An adapter with one pool that keeps the size it is given, knows generations, and fails when told to. */
final class FakeAdapter implements ScaledPool {
    int size;
    boolean away;
    boolean losesAnswers;
    boolean knowsTags = true;
    boolean showsHolds = true;
    int refusesWith;
    int changesBehindOurBack;

    @Nullable
    Hold hold;

    int looks;
    final List<Integer> posts = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    private long generation;

    FakeAdapter(int size) {
        this.size = size;
    }

    private void set(int newSize) {
        size = newSize;
        generation++;
    }

    @Override
    public Sight look() {
        looks++;
        return away
                ? new Unseen("connection refused")
                : new Seen(
                        new PoolSeen(size, size, size, size),
                        knowsTags ? Optional.of(new ETag("\"" + generation + "\"")) : Optional.empty(),
                        showsHolds ? Optional.ofNullable(hold) : Optional.empty());
    }

    @Override
    public Posted post(int newSize, Seen basis, String reason) {
        if (away) {
            return new Posted.Lost("connection refused");
        }
        if (changesBehindOurBack > 0) {
            changesBehindOurBack--;
            set(size + 1);
        }
        if (basis.tag().isPresent() && !basis.tag().get().value().equals("\"" + generation + "\"")) {
            return new Posted.Outdated("generation " + generation);
        }
        if (refusesWith > 0) {
            return new Posted.Refused(refusesWith, "refused with " + refusesWith);
        }
        if (hold != null && newSize != size) {
            return new Posted.Held(hold);
        }
        posts.add(newSize);
        reasons.add(reason);
        if (newSize != size) {
            set(newSize);
        }
        return losesAnswers ? new Posted.Lost("no answer") : new Posted.Taken();
    }

    @Override
    public void close() {}
}
