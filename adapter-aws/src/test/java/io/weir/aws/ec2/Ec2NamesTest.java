package io.weir.aws.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.driver.CloudException;
import io.weir.pool.BatchId;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Ec2NamesTest {
    private static final BatchId BATCH = new BatchId("web-k3j2h1g0-2f");

    @Test
    void a_whole_batch_needs_no_part_and_its_launch_indices_are_its_places() throws Exception {
        List<MachineName> whole = names(IntStream.range(0, 40).boxed().toList());

        assertThat(Ec2Names.part(BATCH, whole)).isEmpty();
        for (int index = 0; index < whole.size(); index++) {
            assertThat(name(Optional.empty(), index)).contains(whole.get(index));
        }
    }

    @Test
    void a_part_says_which_places_it_asked_for_as_runs_in_base_36() throws Exception {
        assertThat(Ec2Names.part(BATCH, names(List.of(1, 4, 5, 6, 7, 40)))).contains("1.4-7.14");
        assertThat(Ec2Names.part(BATCH, names(List.of(1, 2)))).contains("1-2");
        assertThat(Ec2Names.part(BATCH, names(List.of(0, 2)))).contains("0.2");
        // The first two of four are all that this call asks for: as if the batch had two.
        assertThat(Ec2Names.part(BATCH, names(List.of(0, 1)))).isEmpty();
    }

    @Test
    void every_part_of_every_batch_comes_back_as_the_names_that_were_asked_for() throws Exception {
        Random random = new Random(20261129);
        for (int run = 0; run < 2_000; run++) {
            int size = 1 + random.nextInt(100);
            List<Integer> places = IntStream.range(0, size)
                    .filter(i -> random.nextBoolean())
                    .boxed()
                    .toList();
            List<MachineName> asked = names(places);
            Optional<String> part = Ec2Names.part(BATCH, asked);

            assertThat(part.map(String::length).orElse(0)).isLessThanOrEqualTo(256);
            for (int index = 0; index < asked.size(); index++) {
                assertThat(name(part, index)).contains(asked.get(index));
            }
        }
    }

    @Test
    void the_part_with_most_runs_of_the_largest_batch_fits_into_a_tag() throws Exception {
        List<MachineName> every =
                names(IntStream.range(0, 50).map(i -> 2 * i + 1).boxed().toList());

        assertThat(Ec2Names.part(BATCH, every).orElseThrow()).hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void the_order_of_the_names_does_not_matter() throws Exception {
        List<MachineName> mixed = new ArrayList<>(names(List.of(10, 2, 35, 36, 0)));

        assertThat(Ec2Names.ordered(TestBatches.batch(BATCH, mixed))).isEqualTo(names(List.of(0, 2, 10, 35, 36)));
    }

    @Test
    void a_copy_with_a_token_of_its_own_has_no_name() {
        assertThat(Ec2Names.name(Optional.of(BATCH), Optional.of("4c1f-console"), Optional.empty(), 0))
                .isEmpty();
        assertThat(Ec2Names.name(Optional.of(BATCH), Optional.empty(), Optional.empty(), 0))
                .isEmpty();
        assertThat(Ec2Names.name(Optional.empty(), Optional.of(BATCH.value()), Optional.empty(), 0))
                .isEmpty();
    }

    @Test
    void a_part_that_somebody_edited_gives_no_name() {
        for (String edited : List.of("", "x y", "1-", "-1", "1..2", "5", "9-3")) {
            assertThat(name(Optional.of(edited), 1)).as(edited).isEmpty();
        }
    }

    @Test
    void a_name_of_another_batch_is_refused_before_anything_is_asked() {
        MachineName stranger = new MachineName("api-k3j2h1g0-2f-0");

        assertThatThrownBy(() -> Ec2Names.ordered(TestBatches.batch(BATCH, List.of(stranger))))
                .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(FailureKind.INVALID_TEMPLATE));
    }

    private static Optional<MachineName> name(Optional<String> part, int index) {
        return Ec2Names.name(Optional.of(BATCH), Optional.of(BATCH.value()), part, index);
    }

    private static List<MachineName> names(List<Integer> places) {
        return places.stream().map(place -> MachineName.of(BATCH, place)).toList();
    }
}
