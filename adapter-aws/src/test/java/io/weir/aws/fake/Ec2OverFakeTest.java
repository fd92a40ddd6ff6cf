package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.CloudException;
import io.weir.kit.CloudDriverContract;
import io.weir.kit.CloudTarget;
import io.weir.pool.Batch;
import io.weir.pool.FailureKind;
import io.weir.pool.Outcome;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The contract over the fake as it is at rest: no lag. */
class Ec2OverFakeTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new FakeTarget(0);
    }

    /** EC2 says how many it launched and not why it launched no more; the next call, which has no room at all, says which quota it is. */
    @Override
    @Test
    protected void of_a_batch_that_is_too_large_for_the_quota_some_are_launched_and_the_others_refused()
            throws Exception {
        Batch batch = batch(4);
        cloud().limitQuota(2);

        assertThat(batch.names().stream().map(driver().launch(batch)::of))
                .extracting(outcome -> outcome instanceof Outcome.Refused refused
                        ? refused.kind().name()
                        : "")
                .containsExactly("", "", FailureKind.NO_CAPACITY.name(), FailureKind.NO_CAPACITY.name());
        CloudException next = Assertions.catchThrowableOfType(CloudException.class, () -> driver().launch(batch(2)));
        assertThat(next.kind()).isEqualTo(FailureKind.QUOTA_EXCEEDED);
        assertThat(next).hasMessageContaining("VcpuLimitExceeded");
        assertThat(alive()).hasSize(2);
    }
}
