package io.weir.openstack.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.kit.HandClock;
import io.weir.openstack.fake.FakeDials;
import io.weir.openstack.fake.FakeOpenStack;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fake answers as a real OpenStack does: the same requests, and status, headers, fields, types and values compared. Against what
 * was recorded of one always; against a living one where {@code OSTB_STATE} names a test bed.
 */
class PinningTest {

    /** Where the fake is another, and why. */
    private record Known(Pattern where, Pattern what, String why) {
        Known(String where, String what, String why) {
            this(Pattern.compile(where), Pattern.compile(what), why);
        }

        boolean covers(Difference difference) {
            return where.matcher(difference.where()).find()
                    && what.matcher(difference.what()).find();
        }
    }

    private static final List<Known> KNOWN = List.of(
            new Known(
                    "catalog$",
                    "missing: .*\"placement\"",
                    "there is no placement service: no user of a pool calls it"),
            new Known(
                    "failed on every host.*addresses",
                    "pin-net|elements|missing",
                    "a real Nova shows the addresses of what failed for a moment longer, or not: it is a race"));

    static Stream<String> scenarios() {
        return Scenario.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void the_fake_answers_as_it_was_recorded(String scenario) throws Exception {
        assertThat(unknown(Difference.between(Recordings.read(scenario), playedOnTheFake(scenario))))
                .isEmpty();
    }

    @Test
    void a_living_openstack_answers_as_the_fake() throws Exception {
        Optional<Access> real = Access.ofTestBed();
        assumeTrue(real.isPresent(), "OSTB_STATE names no test bed: there is no living OpenStack to compare with");
        int exchanges = 0;
        int known = 0;
        List<String> unknown = new ArrayList<>();
        try (HttpClient http = client()) {
            for (Map.Entry<String, Scenario> entry : Scenario.all().entrySet()) {
                List<Exchange> played = Recordings.play(entry.getValue(), http, real.get(), Recordings::pause);
                List<Difference> differences = Difference.between(played, playedOnTheFake(entry.getKey()));
                List<Difference> strange = unknown(differences);
                exchanges += played.size();
                known += differences.size() - strange.size();
                strange.forEach(difference -> unknown.add(entry.getKey() + ": " + difference));
            }
        }
        System.out.println("pinned on a living OpenStack: " + exchanges + " exchanges, " + known
                + " known differences, " + unknown.size() + " others");
        assertThat(unknown).isEmpty();
    }

    /** What is compared must be able to differ. */
    @Test
    void another_value_another_field_and_another_type_are_noticed() throws Exception {
        List<Exchange> recorded = Recordings.read("compute-metadata");
        Exchange first = recorded.get(0);
        List<Difference> found = new ArrayList<>();
        for (String body : List.of(
                "{\"metadata\": {\"weir-pool\": \"other\", \"other\": \"kept\"}}",
                "{\"metadata\": {\"weir-pool\": \"pin\"}}",
                "{\"metadata\": {\"weir-pool\": \"pin\", \"other\": 1}}",
                "{\"metadata\": []}")) {
            Exchange changed = new Exchange(
                    first.what(),
                    first.method(),
                    first.path(),
                    first.version(),
                    first.sent(),
                    first.status(),
                    first.headers(),
                    Wire.JSON.readTree(body),
                    first.text());
            List<Difference> one = Difference.between(List.of(first), List.of(changed));
            assertThat(one).hasSize(1);
            found.addAll(one);
        }
        assertThat(found).doesNotHaveDuplicates();
    }

    private static List<Difference> unknown(List<Difference> differences) {
        return differences.stream()
                .filter(difference -> KNOWN.stream().noneMatch(known -> known.covers(difference)))
                .toList();
    }

    private static List<Exchange> playedOnTheFake(String scenario) {
        HandClock clock = new HandClock(FakeOpenStack.BEGINNING);
        FakeDials dials = new FakeDials();
        dials.zones = List.of("zone-a", "zone-b");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                FakeOpenStack fake = FakeOpenStack.start(clock, 1, dials, threads);
                HttpClient http = client()) {
            Scenario played = Objects.requireNonNull(Scenario.all().get(scenario));
            return Recordings.play(played, http, fake.access("other"), () -> clock.pass(Duration.ofMillis(300)));
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }
}
