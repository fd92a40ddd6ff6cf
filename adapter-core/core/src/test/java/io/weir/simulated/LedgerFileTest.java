package io.weir.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.pool.MachineState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFileTest {
    @TempDir
    Path folder;

    private SimulatedCloud cloud(LedgerFile file, Instant now) {
        return new SimulatedCloud(Clock.fixed(now, ZoneOffset.UTC), 1, Dials.DEFAULT, file, file.history());
    }

    private Path file() {
        return folder.resolve("ledger.jsonl");
    }

    @Test
    void a_cloud_that_was_killed_wakes_up_as_if_it_had_never_slept() throws Exception {
        List<SimulatedApi.Launched> launched;
        try (LedgerFile file = LedgerFile.open(file())) {
            SimulatedCloud cloud = cloud(file, Bench.START);
            launched = cloud.launch(Bench.launch("b", "b", "zone-a", 3));
            cloud.terminate(List.of(String.valueOf(launched.get(1).id())));
            cloud.tag(Map.of(String.valueOf(launched.get(2).id()), Map.of("weir-marks", "one")));
            cloud.kill(String.valueOf(launched.get(0).id()));
        }
        try (LedgerFile file = LedgerFile.open(file())) {
            SimulatedCloud cloud = cloud(file, Bench.START.plusSeconds(60));
            assertThat(cloud.ledger())
                    .extracting(SimulatedApi.LedgerLine::state)
                    .containsExactly(MachineState.TERMINATED, MachineState.TERMINATED, MachineState.RUNNING);
            assertThat(cloud.ledger().get(2).tags()).containsEntry("weir-marks", "one");
            assertThat(cloud.launch(Bench.launch("b", "b", "zone-a", 3)))
                    .as("the token is known")
                    .isEqualTo(launched);
            assertThat(cloud.launch(Bench.launch("c", "c", "zone-a", 1)).get(0).id())
                    .isNotIn(launched.stream().map(SimulatedApi.Launched::id).toList());
        }
    }

    @Test
    void a_torn_last_line_is_cut_off() throws Exception {
        try (LedgerFile file = LedgerFile.open(file())) {
            cloud(file, Bench.START).launch(Bench.launch("b", "b", "zone-a", 2));
        }
        long whole = Files.size(file());
        for (String torn : List.of("{\"event\":\"launched\",\"at\"", "{\"event\":\"ending\",\"id\":\n", "\0\0\0\0")) {
            Files.write(file(), torn.getBytes(UTF_8), StandardOpenOption.APPEND);
            try (LedgerFile file = LedgerFile.open(file())) {
                assertThat(file.history()).hasSize(1);
            }
            assertThat(Files.size(file())).isEqualTo(whole);
        }
    }

    @Test
    void damage_before_the_end_is_refused() throws Exception {
        try (LedgerFile file = LedgerFile.open(file())) {
            cloud(file, Bench.START).launch(Bench.launch("b", "b", "zone-a", 1));
        }
        String line = Files.readString(file());
        Files.writeString(file(), "not this\n" + line);
        assertThatThrownBy(() -> LedgerFile.open(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void one_cloud_lives_in_a_home() throws Exception {
        try (CloudHome home = CloudHome.open(folder)) {
            assertThat(home.ledger().history()).isEmpty();
            assertThatThrownBy(() -> CloudHome.open(folder)).isInstanceOf(CloudHome.Taken.class);
        }
        CloudHome.open(folder).close();
    }

    @Test
    void dials_are_found_again_as_they_were_left() throws Exception {
        try (CloudHome home = CloudHome.open(folder)) {
            DialsDesk desk = new DialsDesk(cloud(home.ledger(), Bench.START), 5, home::keep);
            desk.patch(CloudJson.STRICT.readTree("{\"lagSeconds\": 12, \"capacity\": {\"zone-a\": 3}, \"seed\": 9}"));
        }
        try (CloudHome home = CloudHome.open(folder)) {
            DialsDesk.Setting setting = home.setting(5);
            assertThat(setting.seed()).isEqualTo(9);
            assertThat(setting.dials().lagSeconds()).isEqualTo(12);
            assertThat(setting.dials().capacity()).containsExactly(Map.entry("zone-a", 3));
        }
    }
}
