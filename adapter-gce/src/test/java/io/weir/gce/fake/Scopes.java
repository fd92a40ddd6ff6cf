package io.weir.gce.fake;

import com.google.cloud.compute.v1.Data;
import com.google.cloud.compute.v1.Warning;
import io.weir.gce.fake.GceDials.Told;
import java.util.List;
import java.util.Optional;

/**
 * How an aggregated listing tells of its zones: one that has nothing on this page bears a warning too, and that one is no fault. A zone that
 * cannot be reached is told by a warning, by the list of unreachables, or by both, and shows nothing; without partial success the
 * listing fails.
 */
record Scopes(List<String> reachable, List<String> dark, GceDials dials, boolean partial) {

    static Scopes of(Ground ground, boolean partial) throws Refusal {
        List<String> dark = ground.project.zones().stream()
                .filter(ground.dials.unreachable()::contains)
                .toList();
        if (!dark.isEmpty() && !partial && !ground.dials.unreachableTold().contains(Told.WARNING)) {
            throw Refusal.unreachable(dark.get(0));
        }
        return new Scopes(
                ground.project.zones().stream()
                        .filter(zone -> !dark.contains(zone))
                        .toList(),
                dark,
                ground.dials,
                partial);
    }

    /** As the list of those that could not be reached names them. */
    List<String> unreachables() {
        return partial && dials.unreachableTold().contains(Told.UNREACHABLES)
                ? dark.stream().map(zone -> Names.resource("zones/" + zone)).toList()
                : List.of();
    }

    /** Whether there is a scope for it at all. */
    boolean isTold(String zone) {
        return !dark.contains(zone) || dials.unreachableTold().contains(Told.WARNING);
    }

    Optional<Warning> warning(String zone, int things) {
        if (dark.contains(zone)) {
            return Optional.of(warning("UNREACHABLE", "The scope 'zones/" + zone + "' could not be reached.", zone));
        }
        return things > 0
                ? Optional.empty()
                : Optional.of(warning(
                        "NO_RESULTS_ON_PAGE",
                        "There are no results for scope 'zones/" + zone + "' on this page.",
                        zone));
    }

    private static Warning warning(String code, String message, String zone) {
        return Warning.newBuilder()
                .setCode(code)
                .setMessage(message)
                .addData(Data.newBuilder().setKey("scope").setValue("zones/" + zone))
                .build();
    }
}
