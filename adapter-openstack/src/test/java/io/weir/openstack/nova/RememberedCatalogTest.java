package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cloud.RememberedAnswers;
import io.weir.openstack.fake.WireFault;
import io.weir.openstack.fake.WireFault.Kind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection remembers of OpenStack's catalogs, over the fake. */
class RememberedCatalogTest {
    private static final String FLAVORS = "GET compute/flavors/detail";

    private final FakeTarget target = new FakeTarget();
    private final RememberedAnswers answers = new RememberedAnswers(target.clock());
    private final CatalogApi catalog = new RememberedCatalog(new OpenstackCatalog(target.calls()), answers);

    @AfterEach
    void close() {
        target.close();
    }

    private int asked(String call) {
        return target.fake().calls().getOrDefault(call, 0);
    }

    @Test
    void what_was_answered_is_not_asked_again_for_ten_minutes_or_until_it_is_forgotten() throws NovaFailure {
        assertThat(catalog.flavors()).isEqualTo(catalog.flavors()).isNotEmpty();
        assertThat(asked(FLAVORS)).isEqualTo(1);

        target.pass(Duration.ofMinutes(10));
        catalog.flavors();
        assertThat(asked(FLAVORS)).isEqualTo(2);

        answers.forget();
        catalog.flavors();
        assertThat(asked(FLAVORS)).isEqualTo(3);
    }

    @Test
    void each_question_has_an_answer_of_its_own() throws NovaFailure {
        assertThat(catalog.images(Map.of("name", "dummy"))).hasSize(1);
        assertThat(catalog.images(Map.of("name", "nope"))).isEmpty();
        assertThat(catalog.image("nope")).isEmpty();
    }

    @Test
    void a_failure_is_told_as_it_is_and_not_remembered() throws NovaFailure {
        target.fake().fault(WireFault.refused(FLAVORS, Kind.REFUSED, 1, 503, null));

        assertThatThrownBy(catalog::flavors)
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(503));
        assertThat(catalog.flavors()).isNotEmpty();
    }

    @Test
    void ports_come_and_go_and_are_always_asked_for() throws NovaFailure {
        catalog.ports();
        catalog.ports();

        assertThat(asked("GET network/v2.0/ports")).isEqualTo(2);
    }
}
