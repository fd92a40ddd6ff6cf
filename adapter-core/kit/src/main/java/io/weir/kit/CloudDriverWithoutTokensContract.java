package io.weir.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineName;
import org.junit.jupiter.api.Test;

/**
 * A cloud without tokens: a repeated launch launches again, which is why its promises name no memory and the loop looks before it
 * repeats. What such a cloud owes instead is that the machines can be told to be the same ones: by name, batch and marks.
 */
public abstract class CloudDriverWithoutTokensContract extends CloudDriverContract {

    @Test
    protected void it_promises_no_memory_of_tokens() {
        assertThat(driver().promises().tokenMemory()).isEmpty();
    }

    /** Differs: there is nothing to know the batch by. */
    @Test
    @Override
    protected void the_same_batch_again_is_the_same_machines() throws Exception {
        Batch batch = batch(1);
        accepted(driver().launch(batch), batch.names());
        accepted(driver().launch(batch), batch.names());

        eventually(() -> assertThat(alive()).hasSize(2));
        assertThat(alive()).allSatisfy(machine -> {
            assertThat(machine.name()).contains(batch.names().get(0));
            assertThat(machine.batch()).contains(batch.id());
            assertThat(machine.marks()).contains(batch.marks());
        });
        assertThat(alive()).extracting(CloudMachine::id).doesNotHaveDuplicates();
    }

    /** Differs: the lost answer's machines show in a listing, and what is not there may be repeated by name alone. */
    @Test
    @Override
    protected void a_batch_whose_answer_was_lost_is_in_doubt_and_repeated_yields_no_more_machines() throws Exception {
        Batch batch = batch(3);
        cloud().loseNextAnswer();

        assertInDoubt(() -> driver().launch(batch), batch.names());

        settle();
        assertThat(alive())
                .extracting(machine -> machine.name().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(batch.names());
        for (MachineName name : batch.names()) {
            assertThat(cloud().everLaunched(name.value())).isEqualTo(1);
        }
    }
}
