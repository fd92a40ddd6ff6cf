package io.weir.gce.fake;

import static io.weir.gce.fake.Bench.A;
import static io.weir.gce.fake.Bench.PROJECT;
import static io.weir.gce.fake.Bench.message;
import static io.weir.gce.fake.Bench.reason;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.compute.v1.InstancesSetLabelsRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.SetLabelsDiskRequest;
import com.google.cloud.compute.v1.SetLabelsInstanceRequest;
import com.google.cloud.compute.v1.ZoneSetLabelsRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void launch() {
        bench.insert("web-1");
        bench.settle();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Operation set(String fingerprint, Map<String, String> labels) {
        return bench.instances
                .setLabelsCallable()
                .call(SetLabelsInstanceRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(A)
                        .setInstance("web-1")
                        .setInstancesSetLabelsRequestResource(InstancesSetLabelsRequest.newBuilder()
                                .setLabelFingerprint(fingerprint)
                                .putAllLabels(labels))
                        .build());
    }

    @Test
    void labels_are_replaced_whole_by_whoever_knows_their_fingerprint() {
        String before = bench.get("web-1").getLabelFingerprint();
        assertThat(set(before, Map.of("team", "blue")).getOperationType()).isEqualTo("setLabels");
        assertThat(bench.get("web-1").getLabelsMap()).containsOnly(Map.entry("team", "blue"));

        assertThat(reason(() -> set(before, Map.of("team", "red")))).isEqualTo("conditionNotMet");
        assertThat(reason(() -> set("", Map.of("team", "red")))).isEqualTo("conditionNotMet");
        assertThat(bench.get("web-1").getLabelsMap()).containsOnly(Map.entry("team", "blue"));
        assertThat(bench.get("web-1").getLabelFingerprint()).isNotEqualTo(before);
    }

    @Test
    void labels_are_of_poor_letters() {
        String fingerprint = bench.get("web-1").getLabelFingerprint();
        assertThat(message(() -> set(fingerprint, Map.of("Team", "web")))).contains("Label key 'Team'");
        assertThat(message(() -> set(fingerprint, Map.of("team", "a.b")))).contains("Label value 'a.b'");
        assertThat(message(() -> set(fingerprint, Map.of("team", "x".repeat(64)))))
                .contains("at most 63");
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("k" + i, "v");
        }
        assertThat(message(() -> set(fingerprint, many))).contains("At most 64");
    }

    @Test
    void labels_may_be_seen_late_and_their_fingerprint_with_them() {
        bench.cloud().turn(turn -> turn.labelLagSeconds = 60);
        String before = bench.get("web-1").getLabelFingerprint();
        set(before, Map.of("weir-pool", "web", "team", "blue"));
        bench.pass(Duration.ofSeconds(30));

        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            seen.add(bench.listed().get(0).getLabelFingerprint());
        }
        assertThat(seen).hasSize(2).contains(before);
    }

    @Test
    void disks_have_labels_of_their_own() {
        String before = bench.disks.get(PROJECT, A, "web-1").getLabelFingerprint();
        assertThat(before).isEqualTo(LabelHistory.EMPTY);
        bench.disks
                .setLabelsCallable()
                .call(SetLabelsDiskRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(A)
                        .setResource("web-1")
                        .setZoneSetLabelsRequestResource(ZoneSetLabelsRequest.newBuilder()
                                .setLabelFingerprint(before)
                                .putLabels("weir-pool", "web"))
                        .build());

        assertThat(bench.disks.get(PROJECT, A, "web-1").getLabelsMap()).containsOnly(Map.entry("weir-pool", "web"));
        assertThat(bench.cloud().bearing("weir-pool"))
                .containsExactly("instances/" + A + "/web-1", "disks/" + A + "/web-1");
    }

    @Test
    void the_ledger_knows_from_when_on_an_instance_was_of_a_pool() {
        bench.cloud().relabel(A + ":web-1", Collections.singletonMap("weir-pool", null));
        bench.pass(Duration.ofSeconds(1));
        bench.cloud().relabel(A + ":web-1", Map.of("weir-pool", "db"));

        assertThat(bench.cloud().ledger().get(0).pools())
                .extracting(stay -> String.valueOf(stay.pool()))
                .containsExactly("web", "null", "db");
    }
}
