package io.weir.aws.moto;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.Outcomes;
import io.weir.kit.CloudDriverContract;
import io.weir.kit.CloudTarget;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract over moto: an outside witness of the wire and of plain making and ending. What it is wrong about is overridden here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Ec2OverMotoTest extends CloudDriverContract {
    private final Moto moto = Moto.start();

    @AfterAll
    void stop() {
        moto.close();
    }

    @Override
    protected CloudTarget target() {
        return new MotoTarget(moto);
    }

    // moto takes no notice of client tokens: a repetition launches again, and so do other parameters.

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

    @Override
    @Test
    protected void what_was_launched_is_known_after_a_restart() throws Exception {
        Batch batch = batch(2);
        Map<MachineName, MachineId> ids = accepted(driver().launch(batch), batch.names());

        cloud().restart();

        assertThat(shown(2)).allSatisfy(machine -> assertThat(ids)
                .containsEntry(machine.name().orElseThrow(), machine.id()));
        accepted(driver().launch(batch), batch.names());
        assertThat(alive()).as("EC2 would show 2").hasSize(4);
    }

    @Override
    @Test
    protected void the_same_batch_with_other_parameters_is_refused_and_launches_nothing() throws Exception {
        Batch batch = batch(1);
        accepted(driver().launch(batch), batch.names());
        Template other = driver().resolve(with(cloud().document(), Map.of("colour", "blue"), Optional.empty()));
        Batch changed = new Batch(
                batch.id(),
                batch.pool(),
                batch.choice(),
                other.frozen(),
                batch.names(),
                batch.marks(),
                batch.cloudProvider(),
                batch.region());

        accepted(driver().launch(changed), batch.names());
        assertThat(alive()).as("EC2 would show 1").hasSize(2);
    }

    // moto looks for the network interface that went with the instance, and does not find it.

    @Override
    @Test
    protected void terminating_again_is_no_mistake() throws Exception {
        Set<MachineId> ids = launched(1);
        accepted(driver().terminate(ids), ids);

        assertThat(driver().terminate(ids).of(ids.iterator().next())).isInstanceOf(Outcome.Refused.class);
        assertThat(alive()).isEmpty();
    }

    @Override
    @Test
    protected void a_termination_whose_answer_was_lost_is_in_doubt_and_can_be_repeated() throws Exception {
        Set<MachineId> ids = launched(2);
        cloud().loseNextAnswer();

        assertInDoubt(() -> driver().terminate(ids), ids);
        for (MachineId id : ids) {
            assertThat(driver().terminate(ids).of(id)).isInstanceOf(Outcome.Refused.class);
        }
        assertThat(alive()).isEmpty();
    }

    /** Which of the two moto comes to first is chance; what it ended before the refusal is asked for once more, as above. */
    @Override
    @Test
    protected void a_protected_machine_is_a_conflict_of_its_own() throws Exception {
        List<MachineId> ids = List.copyOf(launched(2));
        allRun(2);
        cloud().protect(ids.get(0));

        Outcomes<MachineId> outcomes = driver().terminate(Set.copyOf(ids));

        assertThat(outcomes.of(ids.get(0)))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.CONFLICT));
        assertThat(outcomes.of(ids.get(1))).isInstanceOfAny(Outcome.Accepted.class, Outcome.Unknown.class);
        eventually(() -> assertThat(alive()).extracting(CloudMachine::id).containsExactly(ids.get(0)));
    }

    /** moto tags what is not there. */
    @Override
    @Test
    protected void a_mark_on_what_is_not_there_is_not_found_and_keeps_no_other_from_being_marked() throws Exception {
        MachineId unknown = new MachineId("i-0123456789abcdef0");
        Marks marks = batch(1).marks();

        assertThat(driver().mark(Map.of(unknown, marks)).of(unknown)).isInstanceOf(Outcome.Accepted.class);
    }

    /** moto launches an image that is deregistered. */
    @Override
    @Test
    protected void a_launch_of_what_is_no_more_is_an_invalid_template() throws Exception {
        Batch batch = batch(1);
        cloud().forgetImages();

        accepted(driver().launch(batch), batch.names());
    }
}
