package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.Listing;
import io.weir.driver.Listing.PoolRefusal;
import io.weir.kit.CloudDriverContract;
import io.weir.kit.CloudTarget;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import io.weir.pool.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The contract over the fake as it is at rest: no lag.
 *
 * <p>Compute Engine accepts what it has no room for, and its operation tells: such launches are accepted and refused late, by name and with
 * the kind of failure.
 */
class GceOverFakeTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new FakeTarget(0);
    }

    private void expectRefusedLate(Batch batch, int room, FailureKind kind) throws Exception {
        accepted(driver().launch(batch), batch.names());

        eventually(() -> {
            Listing seen = list(batch.pool());
            Set<MachineName> refused = seen.refusals().stream()
                    .filter(late -> late.refusal().kind() == kind)
                    .map(PoolRefusal::refusal)
                    .map(refusal -> refusal.name())
                    .collect(Collectors.toSet());
            List<MachineName> alive = alive().stream()
                    .map(CloudMachine::name)
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(alive).hasSize(room);
            assertThat(refused).hasSize(batch.names().size() - room);
            assertThat(alive).noneMatch(refused::contains);
        });
    }

    @Override
    @Test
    protected void of_a_batch_that_is_too_large_for_the_zone_some_are_launched_and_the_others_refused()
            throws Exception {
        Batch batch = batch(4);
        cloud().limitCapacity(batch.choice().scope(), 3);

        expectRefusedLate(batch, 3, FailureKind.NO_CAPACITY);
    }

    @Override
    @Test
    protected void a_zone_without_room_refuses_for_lack_of_capacity() throws Exception {
        Batch batch = batch(2);
        cloud().limitCapacity(batch.choice().scope(), 0);

        expectRefusedLate(batch, 0, FailureKind.NO_CAPACITY);
    }

    @Override
    @Test
    protected void a_quota_that_is_used_up_is_told_apart_from_a_lack_of_capacity() throws Exception {
        Batch batch = batch(1);
        cloud().limitQuota(0);

        expectRefusedLate(batch, 0, FailureKind.QUOTA_EXCEEDED);
    }

    @Override
    @Test
    protected void of_a_batch_that_is_too_large_for_the_quota_some_are_launched_and_the_others_refused()
            throws Exception {
        Batch batch = batch(4);
        cloud().limitQuota(2);

        expectRefusedLate(batch, 2, FailureKind.QUOTA_EXCEEDED);
    }

    @Test
    void a_quota_that_refuses_at_the_door_is_told_by_the_call() throws Exception {
        Batch batch = batch(1);
        cloud().limitQuota(0);
        ((FakeTarget) cloud()).fake.cloud().turn(turn -> turn.quotaAtTheDoor = true);

        assertThat(driver().launch(batch).of(batch.names().get(0)))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.QUOTA_EXCEEDED));
    }
}
