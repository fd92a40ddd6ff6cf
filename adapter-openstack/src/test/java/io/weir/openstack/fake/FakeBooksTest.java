package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.HandClock;
import io.weir.openstack.fake.WireFault.Kind;
import io.weir.simulated.LedgerJudge;
import io.weir.simulated.LedgerJudge.Question;
import io.weir.simulated.LedgerJudge.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fake's own books: they outlive it, and they judge. */
class FakeBooksTest {
    @TempDir
    Path folder;

    private static final Map<String, String> POOL = Map.of("weir-pool", "web");

    @Test
    void a_fake_that_is_started_again_goes_on_as_if_it_had_never_slept() throws IOException {
        HandClock clock = new HandClock(FakeOpenStack.BEGINNING);
        String id;
        String volume;
        try (Bench bench = new Bench(clock, folder.resolve("books.jsonl"))) {
            id = bench.launched("a", server -> server.putObject("metadata").put("weir-pool", "web"));
            volume = bench.wire
                    .call("volumev3", "POST", "/volumes", Map.of("volume", Map.of("size", 1)), null)
                    .at("volume")
                    .path("id")
                    .asText();
            assertThat(bench.status(id)).isEqualTo("BUILD");
        }
        clock.pass(java.time.Duration.ofSeconds(60));
        try (Bench bench = new Bench(clock, folder.resolve("books.jsonl"))) {
            assertThat(bench.status(id)).isEqualTo("ACTIVE");
            assertThat(bench.server(id).path("OS-SRV-USG:launched_at").asText()).startsWith("2026-01-01T00:00:0");
            assertThat(bench.server(id).path("metadata").path("weir-pool").asText())
                    .isEqualTo("web");
            assertThat(bench.wire
                            .get("volumev3", "/volumes/" + volume)
                            .at("volume")
                            .path("status")
                            .asText())
                    .isEqualTo("available");
            assertThat(bench.fake.ledger()).singleElement().satisfies(line -> {
                assertThat(line.pools().get(0).pool()).isEqualTo("web");
                assertThat(line.running()).isNotNull();
            });
        }
    }

    @Test
    void twins_are_doubles_and_survive_a_listing_only_if_the_next_one_begins_with_both_alive() {
        try (Bench bench = new Bench()) {
            bench.fake.fault(WireFault.of("POST compute/servers", Kind.DUPLICATE, 1));
            bench.launched("twin", server -> server.putObject("metadata").put("weir-pool", "web"));
            bench.pass(5);
            assertThat(doubles(bench)).isNotEmpty();
            assertThat(Verdict.survivors(bench.fake.ledger(), bench.fake.walks()))
                    .isEmpty();

            bench.listed("");
            bench.pass(10);
            bench.listed("");

            assertThat(bench.fake.walks()).hasSize(2);
            assertThat(Verdict.survivors(bench.fake.ledger(), bench.fake.walks()))
                    .hasSize(1);
        }
    }

    @Test
    void a_twin_that_is_deleted_after_the_first_listing_did_not_survive_it() {
        try (Bench bench = new Bench()) {
            bench.fake.fault(WireFault.of("POST compute/servers", Kind.DUPLICATE, 1));
            String id = bench.launched(
                    "twin", server -> server.putObject("metadata").put("weir-pool", "web"));
            bench.pass(5);
            bench.listed("");
            bench.pass(1);
            bench.delete(id);
            bench.pass(10);
            bench.listed("");

            assertThat(doubles(bench)).isNotEmpty();
            assertThat(Verdict.survivors(bench.fake.ledger(), bench.fake.walks()))
                    .isEmpty();
        }
    }

    @Test
    void a_listing_of_pages_is_whole_when_its_last_page_was_shown() {
        try (Bench bench = new Bench()) {
            for (int i = 0; i < 3; i++) {
                bench.launched("s" + i);
            }
            bench.pass(5);
            bench.fake.turn(dials -> dials.maxLimit = 2);
            bench.listed("");
            assertThat(bench.fake.walks()).isEmpty();
            String last = bench.wire
                    .get("compute", "/servers")
                    .at("servers")
                    .path(1)
                    .path("id")
                    .asText();
            bench.listed("?marker=" + last);
            assertThat(bench.fake.walks()).hasSize(1);
        }
    }

    @Test
    void what_is_nobodys_is_left_over() {
        try (Bench bench = new Bench()) {
            String network = bench.wire
                    .get("network", "/v2.0/networks?name=demo-net")
                    .at("networks")
                    .path(0)
                    .path("id")
                    .asText();
            String member = bench.launched(
                    "member", server -> server.putArray("networks").addObject().put("uuid", network));
            String stray = bench.launched("stray");
            bench.pass(5);
            bench.wire.call("network", "POST", "/v2.0/ports", Map.of("port", Map.of("network_id", network)), null);
            bench.wire.call("volumev3", "POST", "/volumes", Map.of("volume", Map.of("size", 1)), null);

            var left = bench.fake.leftovers("demo", Set.of(member));

            assertThat(left.servers()).singleElement().satisfies(text -> assertThat(text)
                    .contains(stray));
            assertThat(left.ports()).hasSize(1);
            assertThat(left.volumes()).hasSize(1);
            assertThat(left.isNothing()).isFalse();
            assertThat(bench.fake.leftovers("other", Set.of()).isNothing()).isTrue();
        }
    }

    @Test
    void the_simulated_clouds_judge_reads_the_ledger() {
        try (Bench bench = new Bench()) {
            String first =
                    bench.launched("a", server -> server.putObject("metadata").setAll(object(POOL)));
            bench.launched("b", server -> server.putObject("metadata").setAll(object(POOL)));
            bench.pass(10);
            bench.delete(first);
            bench.pass(10);

            LedgerJudge.Judgement judgement = LedgerJudge.judge(
                    bench.fake.ledger(),
                    new Question(
                            "web",
                            List.of(new Step(FakeOpenStack.BEGINNING, 2)),
                            null,
                            0,
                            Set.of(),
                            null,
                            FakeOpenStack.BEGINNING,
                            bench.clock.instant()));

            assertThat(judgement.doubles()).isEmpty();
            assertThat(judgement.launched()).isEqualTo(2);
            assertThat(judgement.orphans()).hasSize(1);
            assertThat(judgement.machineHours()).isBetween(29 / 3600.0, 31 / 3600.0);
        }
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode object(Map<String, String> values) {
        return Books.JSON.valueToTree(values);
    }

    private static List<String> doubles(Bench bench) {
        return LedgerJudge.judge(
                        bench.fake.ledger(),
                        new Question(
                                "web",
                                List.of(new Step(FakeOpenStack.BEGINNING, 10)),
                                null,
                                0,
                                null,
                                null,
                                FakeOpenStack.BEGINNING,
                                bench.clock.instant()))
                .doubles();
    }
}
