package io.weir.simulated;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.weir.pool.Marks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A cloud on a table, with a clock that only hands move. */
final class Bench implements InstantSource {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private Instant now = START;
    final SimulatedCloud cloud;

    Bench(Consumer<Dials.Turn> turn) {
        cloud = new SimulatedCloud(this, 7, Dials.DEFAULT.turned(turn));
    }

    Bench() {
        this(turn -> {});
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(double seconds) {
        now = now.plus(Duration.ofMillis((long) (seconds * 1000)));
    }

    static SimulatedApi.Launch launch(String batch, @Nullable String token, String zone, int count) {
        return new SimulatedApi.Launch(
                batch,
                token,
                zone,
                "small",
                "ON_DEMAND",
                "img-1",
                IntStream.range(0, count).mapToObj(i -> batch + "-" + i).toList(),
                Map.of(Marks.POOL_TAG, "web"),
                JsonNodeFactory.instance.objectNode());
    }

    List<String> launched(String batch, int count) throws ApiFailure {
        return cloud.launch(launch(batch, batch, "zone-a", count)).stream()
                .map(launched -> String.valueOf(launched.id()))
                .toList();
    }

    List<Machine> listed() throws ApiFailure {
        return cloud.machines(Set.of("web"), null).machines();
    }
}
