package io.weir.plan;

import static io.weir.plan.PaperPool.NAME;
import static io.weir.plan.PaperPool.SILENCE;
import static io.weir.plan.PaperPool.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.Gate;
import io.weir.pool.Leftover;
import io.weir.pool.MachineName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which things that serve no machine are nobody's. */
class TidyTest {
    private final PaperPool pool = PaperPool.running(1);
    private final Map<Leftover, Instant> since = new LinkedHashMap<>();

    private void leftover(String id, String machine) {
        since.put(new Leftover(id, NAME, new MachineName(machine)), pool.now);
    }

    private List<String> takenAway() {
        List<String> ids = new ArrayList<>();
        pool.edit(edit -> Tidy.next(edit, since).forEach(leftover -> ids.add(leftover.id())));
        return ids;
    }

    @Test
    void what_was_seen_to_serve_nothing_for_a_quarter_of_an_hour_is_taken_away() {
        leftover("volume:1", "web-gone");
        pool.pass(Tidy.PATIENCE.minusSeconds(1));
        assertThat(takenAway()).isEmpty();

        pool.pass(Duration.ofSeconds(1));
        assertThat(takenAway()).containsExactly("volume:1");
    }

    @Test
    void what_belongs_to_a_member_or_to_a_launch_in_flight_is_no_leftover() {
        pool.wish(2);
        Plan plan = pool.plan();
        pool.call(plan, SILENCE);
        leftover("volume:1", pool.members().get(0).name().orElseThrow().value());
        leftover("volume:2", names(plan).get(0).value());
        pool.pass(Tidy.PATIENCE);

        assertThat(takenAway()).isEmpty();
    }

    @Test
    void what_was_made_for_one_machine_goes_together_and_one_machine_a_minute() {
        leftover("volume:1", "web-gone-a");
        leftover("port:1", "web-gone-b");
        leftover("volume:2", "web-gone-a");
        pool.pass(Tidy.PATIENCE);

        assertThat(takenAway()).containsExactly("volume:1", "volume:2");
        assertThat(takenAway()).isEmpty();
    }

    @Test
    void behind_a_closed_gate_nothing_goes() {
        leftover("volume:1", "web-gone");
        pool.pass(Tidy.PATIENCE);
        pool.close(Gate.Kind.FROZEN);

        assertThat(takenAway()).isEmpty();
    }
}
