package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.openstack.recorded.Wire;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long somebody is believed. */
class FakeTokensTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_token_ends_everywhere_when_its_time_is_over() {
        bench.fake.turn(dials -> dials.tokenSeconds = 8);
        assertThat(listing(bench.wire)).isEqualTo(200);
        bench.pass(7);
        assertThat(listing(bench.wire)).isEqualTo(200);
        bench.pass(2);

        assertThat(listing(bench.wire)).isEqualTo(401);
        assertThat(listing(bench.wire())).isEqualTo(200);
    }

    @Test
    void a_revoked_token_is_believed_for_a_while_by_a_service_that_has_seen_it_and_by_no_other() {
        listing(bench.wire);
        assertThat(bench.wire.revokeOwnToken().status()).isEqualTo(204);

        assertThat(listing(bench.wire)).isEqualTo(200);
        assertThat(bench.wire.get("network", "/v2.0/ports").status()).isEqualTo(401);
        bench.pass(301);
        assertThat(listing(bench.wire)).isEqualTo(401);
    }

    @Test
    void without_keystone_only_a_token_that_was_seen_is_believed_and_another_is_answered_in_html() {
        listing(bench.wire);
        Wire other = bench.wire();
        other.get("image", "/v2/images");
        bench.fake.turn(dials -> dials.unreachable = Set.of("identity"));

        assertThat(listing(bench.wire)).isEqualTo(200);
        var answer = other.get("compute", "/servers");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
    }

    @Test
    void another_password_ends_all() {
        listing(bench.wire);
        bench.fake.revoke("demo", "another");

        assertThat(listing(bench.wire)).isEqualTo(401);
    }

    private static int listing(Wire wire) {
        return wire.get("compute", "/servers").status();
    }
}
