package io.weir.gce.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of one call before it is answered, with the future as it was drawn: a fake that was killed wakes up as if it had
 * never slept. One call is one line, so none is there by half.
 *
 * @param operations new, or known and with another end
 * @param turns of instances that are there
 */
record Change(
        Instant at,
        List<Op> operations,
        List<VmBirth> vms,
        List<Turn> turns,
        List<DiskBirth> disks,
        List<DiskEnd> diskEnds,
        List<Labels> labels,
        List<Protection> protections) {

    static final String GONE = "GONE";

    /**
     * An operation, with its whole life.
     *
     * @param zone null: it is a global one
     * @param target from {@code zones/} on
     * @param end null: it never ends
     * @param failure null: it succeeds
     * @param asked what was asked for under the requestId, to compare a repetition with
     * @param group of a bulk insert and the inserts that it consists of
     * @param bulk what the bulk insert came to
     */
    record Op(
            String name,
            String id,
            @Nullable String zone,
            String type,
            String target,
            @Nullable String targetId,
            String user,
            Instant inserted,
            Instant started,
            @Nullable Instant end,
            @Nullable Failure failure,
            @Nullable String requestId,
            @Nullable String asked,
            @Nullable String group,
            @Nullable Bulk bulk) {

        Op ending(@Nullable Instant newEnd, @Nullable Failure newFailure) {
            return new Op(
                    name,
                    id,
                    zone,
                    type,
                    target,
                    targetId,
                    user,
                    inserted,
                    started,
                    newEnd,
                    newFailure,
                    requestId,
                    asked,
                    group,
                    bulk);
        }

        boolean isDone(long now) {
            return end != null && end.toEpochMilli() <= now;
        }
    }

    record Bulk(int target, int created, int failed, int deleted) {}

    /** Why an operation failed, as its {@code error} and its HTTP status say it. */
    record Failure(int status, String word, List<Fault> faults) {
        static Failure of(int status, String word, Fault... faults) {
            return new Failure(status, word, List.of(faults));
        }
    }

    /** @param details what a quota's error says besides: metric, limit and where */
    record Fault(String code, String message, Map<String, String> details) {
        Fault(String code, String message) {
            this(code, message, Map.of());
        }
    }

    /**
     * @param json the instance as it is born, without state and labels
     * @param failed what was asked for never came to be: it is shown for a moment at most
     */
    record VmBirth(
            String zone,
            String name,
            String id,
            String operation,
            @Nullable String requestId,
            @Nullable String group,
            Map<String, String> labels,
            String json,
            boolean failed,
            List<Step> steps) {
        String key() {
            return zone + "/" + name;
        }
    }

    /** From when on an instance has a status, or is {@link #GONE}, and what brought that about. */
    record Step(Instant at, String status, @Nullable String cause) {
        static Step of(Instant at, String status) {
            return new Step(at, status, null);
        }
    }

    /**
     * What was to come for an instance comes no more, and this comes instead.
     *
     * @param id of the one that is meant: names are used again
     * @param asked whether the API was asked to end it
     */
    record Turn(String key, String id, boolean asked, List<Step> steps) {}

    record DiskBirth(
            String zone,
            String name,
            String id,
            @Nullable String vm,
            Instant at,
            @Nullable Instant end,
            Map<String, String> labels,
            String json) {
        String key() {
            return zone + "/" + name;
        }
    }

    /** @param vm null: it is nobody's from now on */
    record DiskEnd(
            String key,
            String id,
            @Nullable Instant end,
            @Nullable String vm) {}

    /** @param resource {@code instances/zone/name} or {@code disks/zone/name} */
    record Labels(String resource, String id, Map<String, String> labels) {}

    record Protection(String key, String id, boolean on) {}

    /** One in the making. */
    static final class Draft {
        final Instant at;
        final List<Op> operations = new ArrayList<>();
        final List<VmBirth> vms = new ArrayList<>();
        final List<Turn> turns = new ArrayList<>();
        final List<DiskBirth> disks = new ArrayList<>();
        final List<DiskEnd> diskEnds = new ArrayList<>();
        final List<Labels> labels = new ArrayList<>();
        final List<Protection> protections = new ArrayList<>();

        Draft(long now) {
            this.at = Instant.ofEpochMilli(now);
        }

        Change done() {
            return new Change(at, operations, vms, turns, disks, diskEnds, labels, protections);
        }
    }
}
