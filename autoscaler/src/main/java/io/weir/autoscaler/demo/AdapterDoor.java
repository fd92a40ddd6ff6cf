package io.weir.autoscaler.demo;

import io.weir.api.Event;
import io.weir.api.EventsPage;
import io.weir.api.Machine;
import io.weir.api.MachinePool;
import io.weir.api.PoolSize;
import io.weir.api.client.Answer;
import io.weir.api.client.Line;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the adapter says of its pool. */
final class AdapterDoor {
    private static final Pattern SIZE = Pattern.compile("→ (\\d+)");
    private static final Set<String> NOT_YET = Set.of("REQUESTED", "PENDING");
    private static final int MOST_PAGES = 1000;

    private final Line line;

    AdapterDoor(Line line) {
        this.line = line;
    }

    /** One look. */
    record Seen(PoolSize size, int running, int pending, Set<String> members) {
        boolean isQuiet() {
            return pending == 0 && running == size.allocated() && size.active() == size.desiredSize();
        }
    }

    Optional<Seen> look() {
        Optional<PoolSize> size = get("/pool/size", PoolSize.class);
        Optional<MachinePool> pool = size.flatMap(found -> get("/pool", MachinePool.class));
        return pool.map(found -> new Seen(
                size.orElseThrow(),
                (int) found.machines().stream()
                        .filter(machine -> machine.machineState().equals("RUNNING"))
                        .count(),
                (int) found.machines().stream()
                        .filter(machine -> NOT_YET.contains(machine.machineState()))
                        .count(),
                members(found.machines())));
    }

    private static Set<String> members(List<Machine> machines) {
        Set<String> members = new HashSet<>();
        for (Machine machine : machines) {
            members.add(machine.id());
        }
        return members;
    }

    /** Every wish there was, from its moment on. */
    Map<Instant, Integer> wishes() {
        Map<Instant, Integer> wishes = new TreeMap<>();
        String after = "0";
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            EventsPage page = get("/events?limit=1000&kind=size.set&after=" + after, EventsPage.class)
                    .orElseThrow(() -> new DemoFailure("the adapter does not tell its events"));
            for (Event event : page.events()) {
                Matcher size = SIZE.matcher(event.text());
                if (size.find()) {
                    wishes.put(event.at(), Integer.parseInt(size.group(1)));
                }
            }
            if (page.events().isEmpty()) {
                return wishes;
            }
            after = page.next();
        }
        throw new DemoFailure("the adapter's events have no end");
    }

    private <T> Optional<T> get(String path, Class<T> type) {
        Answer<T> answer = line.call("GET", path, Map.of(), null, Line.as(type));
        return answer.found();
    }
}
