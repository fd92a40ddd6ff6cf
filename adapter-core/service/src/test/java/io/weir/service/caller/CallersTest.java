package io.weir.service.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.certs.Pem;
import io.weir.certs.Role;
import io.weir.service.server.Stranger;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallersTest {
    private final Callers callers = new Callers(Map.of("CN=stranger,O=Example", Role.OPERATOR));

    @TempDir
    Path home = Path.of("");

    @Test
    void a_row_gives_its_role_to_a_certificate_without_a_fleet_identity() {
        assertThat(callerOf("uri:https://example.org/stranger")).contains(new Caller(Role.OPERATOR, "stranger"));
    }

    @Test
    void a_fleet_identity_counts_more_than_a_row() {
        assertThat(callerOf("uri:weir://viewer/anna")).contains(new Caller(Role.VIEWER, "anna"));
    }

    @Test
    void a_certificate_with_two_identities_or_a_wrong_one_is_nobody_whatever_a_row_says() {
        assertThat(callerOf("uri:weir://admin/anna,uri:weir://viewer/anna")).isEmpty();
        assertThat(callerOf("uri:weir://superuser/anna")).isEmpty();
    }

    private Optional<Caller> callerOf(String san) {
        return callers.of(Pem.certificates(Stranger.in(home, san).certificate()).getFirst());
    }
}
