package io.weir.service.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.certs.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {
    @TempDir
    static Path home;

    static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = new Fleet(home);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void a_viewer_reads_the_size() {
        var answer = fleet.get(Role.VIEWER, "/pool/size");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"timestamp\":\"2026-11-24T10:00:00.000Z\",\"desiredSize\":3,\"caller\":\"viewer viewer\",\"nothing\":null}");
    }

    @Test
    void an_operator_sets_the_size() {
        var answer = fleet.postJson(Role.OPERATOR, "/pool/size", "{\"desiredSize\":3}");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void a_method_without_roles_is_refused_to_everybody() {
        for (Role role : Role.values()) {
            var answer = fleet.get(role, "/forgotten");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("\"code\":\"FORBIDDEN\"");
        }
    }
}
