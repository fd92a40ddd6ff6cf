package io.weir.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialsDeskTest {
    private final Bench bench = new Bench();
    private final List<Object> kept = new ArrayList<>();
    private final DialsDesk desk = new DialsDesk(bench.cloud, 7, kept::add);

    private void patch(String json) throws Exception {
        desk.patch(CloudJson.STRICT.readTree(json));
    }

    @Test
    void a_patch_turns_what_it_names() throws Exception {
        patch("{\"lagSeconds\": 30, \"boot\": {\"kind\": \"lognormal\", \"median\": 40, \"sigma\": 0.5}}");
        patch(
                "{\"capacity\": {\"zone-a\": 5}, \"lateCalls\": {\"p\": 0.1}, \"throttle\": {\"launch\": {\"burst\": 2, \"perSecond\": 1}}}");
        patch("{\"capacity\": {\"zone-b/small\": 2}}");
        Dials dials = bench.cloud.dials();
        assertThat(dials.lagSeconds()).isEqualTo(30);
        assertThat(dials.boot()).isEqualTo(new Delay.Lognormal(40, 0.5));
        assertThat(dials.capacity()).isEqualTo(Map.of("zone-a", 5, "zone-b/small", 2));
        assertThat(dials.lateCalls()).isEqualTo(new Dials.LateCalls(0.1, 30));
        assertThat(dials.throttle()).containsOnlyKeys(Call.LAUNCH);
        assertThat(kept).hasSize(3);
    }

    @Test
    void null_puts_a_dial_back_and_takes_an_entry_out() throws Exception {
        patch("{\"lagSeconds\": 30, \"capacity\": {\"zone-a\": 5, \"zone-b\": 6}}");
        patch("{\"lagSeconds\": null, \"capacity\": {\"zone-a\": null}}");
        assertThat(bench.cloud.dials().lagSeconds()).isZero();
        assertThat(bench.cloud.dials().capacity()).isEqualTo(Map.of("zone-b", 6));
    }

    @Test
    void the_document_put_back_whole_is_the_same() throws Exception {
        patch("{\"tokens\": false, \"missingScopes\": [\"zone-b\"], \"lateRefusals\": {\"p\": 0.5}}");
        Dials before = bench.cloud.dials();
        desk.patch(desk.document());
        assertThat(bench.cloud.dials()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"lagSecond\": 30} | lagSecond: not a dial, did you mean \"lagSeconds\"?",
                "{\"lagSeconds\": 30, \"tokens\": 1} | tokens",
                "{\"lagSeconds\": 30, \"lostAnswers\": 1.5} | lostAnswers is 1.5",
                "{\"lagSeconds\": 30, \"pageSize\": 2.5} | pageSize",
                "{\"lagSeconds\": 30, \"lagSeconds\": \"x\"} | Duplicate",
                "{\"lagSeconds\": 30, \"boot\": {\"kind\": \"slow\"}} | boot",
                "{\"lagSeconds\": 30, \"boot\": {\"kind\": \"uniform\", \"min\": 5, \"max\": 2}} | below min",
                "{\"lagSeconds\": 30, \"throttle\": {\"dance\": {\"burst\": 1, \"perSecond\": 1}}} | throttle",
                "{\"lagSeconds\": 30, \"seed\": 1.5} | seed",
                "{\"lagSeconds\": 30, \"capacity\": {\"zone-x\": 1}} | zone-x",
                "[] | object"
            })
    void a_patch_with_a_mistake_changes_nothing_and_says_where(String json, String message) {
        assertThatThrownBy(() -> patch(json)).hasMessageContaining(message);
        assertThat(bench.cloud.dials()).isEqualTo(Dials.DEFAULT);
        assertThat(kept).isEmpty();
    }
}
