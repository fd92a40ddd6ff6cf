package io.weir.aws.moto;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.CloudDriverContract;
import io.weir.kit.CloudTarget;
import io.weir.pool.Batch;
import io.weir.pool.MachineName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract over moto: an outside witness of the wire and of plain making and ending. What it is wrong about is overridden here. */
class Ec2OverMotoTest extends CloudDriverContract {
    private static @Nullable Moto moto;

    @BeforeAll
    static void start() {
        moto = Moto.start();
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
    }

    @Override
    protected CloudTarget target() {
        return new MotoTarget(Objects.requireNonNull(moto));
    }

    // moto takes no notice of client tokens: a repetition launches again. Should one of these fail, it has learned them.

    @Override
    @Test
    protected void the_same_batch_again_is_the_same_machines() throws Exception {
        Batch batch = batch(3);
        accepted(driver().launch(batch), batch.names());
        accepted(driver().launch(batch), batch.names());

        assertThat(alive()).as("EC2 would show 3").hasSize(6);
    }

    @Override
    @Test
    protected void a_batch_whose_answer_was_lost_is_in_doubt_and_repeated_yields_no_more_machines() throws Exception {
        Batch batch = batch(3);
        cloud().loseNextAnswer();

        assertInDoubt(() -> driver().launch(batch), batch.names());
        accepted(driver().launch(batch), batch.names());

        for (MachineName name : batch.names()) {
            assertThat(cloud().everLaunched(name.value())).as("EC2 would say 1").isEqualTo(2);
        }
    }
}
