package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.kit.CloudDriverWithoutTokensContract;
import io.weir.pool.Batch;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Outcome;
import io.weir.pool.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The contract where Nova differs, for the real one and for the fake. */
abstract class NovaContract extends CloudDriverWithoutTokensContract {

    /**
     * Differs: Nova takes what it has no room for, and says so later. A zone in which no host is enabled it refuses at once.
     */
    @Test
    @Override
    protected void a_zone_without_room_refuses_for_lack_of_capacity() throws Exception {
        Batch batch = batch(2);
        cloud().limitCapacity(batch.choice().scope(), 0);

        Outcomes<MachineName> outcomes = driver().launch(batch);

        if (batch.names().stream().allMatch(name -> outcomes.of(name) instanceof Outcome.Refused)) {
            assertThat(batch.names()).allSatisfy(name -> assertThat(outcomes.of(name))
                    .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                            .isEqualTo(FailureKind.NO_CAPACITY)));
        } else {
            accepted(outcomes, batch.names());
            assertRefusedLaterForLackOfCapacity(batch, 2);
        }
        eventually(() -> assertThat(alive()).isEmpty());
    }

    /** Differs: as above. */
    @Test
    @Override
    protected void of_a_batch_that_is_too_large_for_the_zone_some_are_launched_and_the_others_refused()
            throws Exception {
        Batch batch = batch(4);
        cloud().limitCapacity(batch.choice().scope(), 3);

        accepted(driver().launch(batch), batch.names());

        assertRefusedLaterForLackOfCapacity(batch, 1);
        shown(3);
    }

    private void assertRefusedLaterForLackOfCapacity(Batch batch, int count) throws Exception {
        eventually(() -> {
            List<LateRefusal> refusals =
                    driver().list(Set.of(batch.pool())).of(batch.pool()).refusals();
            assertThat(refusals).hasSize(count);
            assertThat(refusals).allSatisfy(refusal -> {
                assertThat(refusal.kind()).isEqualTo(FailureKind.NO_CAPACITY);
                assertThat(refusal.text()).contains("No valid host");
            });
            assertThat(batch.names())
                    .containsAll(refusals.stream().map(LateRefusal::name).toList());
        });
    }

    /**
     * Differs: a server of a dark cell shows neither its pool nor its zone, so all zones are missing as soon as there is one. What can
     * be seen is shown.
     */
    @Test
    @Override
    protected void a_scope_that_cannot_be_seen_is_named_and_the_others_are_shown() throws Exception {
        List<Choice> choices = driver().resolve(cloud().document()).choices();
        Set<Scope> zones = choices.stream().map(Choice::scope).collect(Collectors.toSet());
        Batch dark = batch(1);
        accepted(driver().launch(dark), dark.names());
        shown(1);
        cloud().hide(dark.choice().scope());

        eventually(() -> {
            Listing listing = driver().list(Set.of(dark.pool()));
            assertThat(listing.missing()).isEqualTo(zones);
            assertThat(listing.machines()).isEmpty();
        });
    }

    @Test
    void an_id_of_no_form_that_nova_has_is_gone_without_a_call() throws Exception {
        MachineId id = new MachineId("another-clouds~id:1");

        Outcomes<MachineId> outcomes = driver().terminate(Set.of(id));

        assertThat(outcomes.of(id)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                .isEqualTo(FailureKind.NOT_FOUND));
    }

    @Test
    void a_server_keeps_its_name_in_the_pool_when_somebody_renames_it() throws Exception {
        MachineId id = running();
        MachineName name = alive().get(0).name().orElseThrow();

        rename(id, "something-else");

        assertThat(alive()).singleElement().satisfies(machine -> assertThat(machine.name())
                .contains(name));
    }

    abstract void rename(MachineId id, String name) throws Exception;
}
