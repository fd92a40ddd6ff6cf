package io.weir.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every driver keeps, whatever its cloud: the tests behind {@code docs/driver-contract.md}.
 *
 * <p>Extend it with a {@link CloudTarget}. Where a cloud differs, override the test and say in a comment why. Each test has a pool
 * name of its own and takes its machines away, so a real account can be the target; what the cloud shows is waited for as long as
 * the target says, and what must not happen is looked for after the driver's lag and lateness.
 */
public abstract class CloudDriverContract {
    private static final StoreId STORE = new StoreId("kit00001");
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String AWKWARD = "a \"b\" \\ 'c' ${d} <e> %f & ü 漢 🚀, x=y;";
    private static final String SECRET = "#!/bin/sh\necho \"sesame\" 'öffne' $(dich) \\ \u0007 🚀\r\n";

    private CloudTarget target;
    private PoolName pool;
    private int batches;

    protected abstract CloudTarget target() throws Exception;

    @BeforeEach
    final void setUp() throws Exception {
        target = target();
        pool = new PoolName("kit-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @AfterEach
    final void takeMachinesAway() throws Exception {
        if (target == null) {
            return; // there was none, and the test is skipped
        }
        try (CloudTarget ending = target) {
            ending.calm();
            Set<MachineId> left = new HashSet<>();
            for (CloudMachine machine : list(pool).machines()) {
                if (machine.state().isAllocated()) {
                    left.add(machine.id());
                }
            }
            if (!left.isEmpty()) {
                driver().terminate(left);
            }
        }
    }

    // Templates

    @Test
    protected void a_document_is_pinned_to_choices_with_zone_type_and_market() throws Exception {
        Template template = driver().resolve(target.document());

        assertThat(template.choices()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(template.choices()).allSatisfy(choice -> {
            assertThat(choice.zone()).isNotBlank();
            assertThat(choice.machineType()).isNotBlank();
        });
        assertThat(template.cloudProvider()).isNotBlank();
        assertThat(template.region()).isNotBlank();
    }

    @Test
    protected void the_same_document_has_the_same_revision_and_another_launch_has_another() throws Exception {
        PoolDocument document = target.document();
        Template template = driver().resolve(document);

        assertThat(driver().resolve(document)).isEqualTo(template);
        assertThat(driver().resolve(with(document, Map.of("colour", "blue"), document.userData()))
                        .revision())
                .isNotEqualTo(template.revision());
    }

    @Test
    protected void all_problems_of_a_document_are_told_at_once_each_with_its_field() {
        PoolDocument document = target.document();
        PoolDocument wrong = new PoolDocument(
                document.min(),
                document.max(),
                document.size(),
                Optional.of("no-such-image"),
                List.of("no-such-type"),
                List.of("no-such-zone"),
                document.dataVolumes(),
                document.userData(),
                document.publicAddress(),
                document.connectionPolicy(),
                document.sshKey(),
                document.network(),
                document.labels(),
                document.connection(),
                document.autoscalers(),
                document.health(),
                document.victimPolicy(),
                document.billingPeriod(),
                document.pace(),
                document.timeouts(),
                "{\"noSuchKey\": 1}");

        assertThatThrownBy(() -> driver().resolve(wrong))
                .isInstanceOfSatisfying(TemplateProblems.class, problems -> assertThat(problems.problems())
                        .extracting(TemplateProblems.Problem::field)
                        .anyMatch(field -> field.equals("image"))
                        .anyMatch(field -> field.startsWith("machineTypes"))
                        .anyMatch(field -> field.startsWith("zones"))
                        .anyMatch(field -> field.endsWith("noSuchKey")));
    }

    // Launching

    @Test
    protected void a_launch_answers_for_each_name_and_its_machines_are_listed_as_they_were_meant() throws Exception {
        Batch batch = batch(3);

        Map<MachineName, MachineId> ids = accepted(driver().launch(batch), batch.names());

        assertThat(ids.values()).doesNotHaveDuplicates();
        for (CloudMachine machine : shown(3)) {
            MachineName name = machine.name().orElseThrow();
            assertThat(machine.id()).isEqualTo(ids.get(name));
            assertThat(machine.pool()).contains(pool);
            assertThat(machine.marks()).contains(batch.marks());
            assertThat(machine.choice().key()).isEqualTo(batch.choice().key());
            machine.batch().ifPresent(id -> assertThat(id).isEqualTo(batch.id()));
            assertThat(MachineId.isLegal(machine.id().value())).isTrue();
            assertThat(machine.cloudProvider()).isEqualTo(batch.cloudProvider());
            assertThat(machine.region()).isEqualTo(batch.region());
        }
    }

    @Test
    protected void a_launched_machine_comes_to_run_and_says_since_when() throws Exception {
        launched(1);

        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> {
            assertThat(machine.state()).isEqualTo(MachineState.RUNNING);
            assertThat(machine.launchTime()).isPresent();
            assertThat(machine.privateIps()).isNotEmpty();
        }));
    }

    @Test
    protected void the_same_batch_again_is_the_same_machines() throws Exception {
        Batch batch = batch(3);
        Map<MachineName, MachineId> first = accepted(driver().launch(batch), batch.names());

        assertThat(accepted(driver().launch(batch), batch.names())).isEqualTo(first);
        settle();
        assertThat(alive()).hasSize(3);
    }

    @Test
    protected void a_batch_whose_answer_was_lost_is_in_doubt_and_repeated_yields_no_more_machines() throws Exception {
        Batch batch = batch(3);
        target.loseNextAnswer();

        assertInDoubt(() -> driver().launch(batch), batch.names());
        accepted(driver().launch(batch), batch.names());

        settle();
        assertThat(alive()).hasSize(3);
        for (MachineName name : batch.names()) {
            assertThat(target.everLaunched(name.value())).isEqualTo(1);
        }
    }

    @Test
    protected void a_batch_whose_request_was_lost_is_in_doubt_and_repeated_is_launched() throws Exception {
        Batch batch = batch(2);
        target.loseNextRequest();

        assertInDoubt(() -> driver().launch(batch), batch.names());
        accepted(driver().launch(batch), batch.names());

        shown(2);
    }

    @Test
    protected void the_same_batch_with_other_parameters_is_refused_and_launches_nothing() throws Exception {
        assumeTrue(driver().promises().tokenMemory().isPresent(), "this cloud has no tokens to compare");
        Batch batch = batch(1);
        accepted(driver().launch(batch), batch.names());
        Template other = driver().resolve(with(target.document(), Map.of("colour", "blue"), Optional.empty()));
        Batch changed = new Batch(
                batch.id(),
                pool,
                batch.choice(),
                other.frozen(),
                batch.names(),
                batch.marks(),
                batch.cloudProvider(),
                batch.region());

        assertRefused(FailureKind.INVALID_TEMPLATE, () -> driver().launch(changed), batch.names());
        settle();
        assertThat(alive()).hasSize(1);
    }

    @Test
    protected void of_a_batch_that_is_too_large_for_the_zone_some_are_launched_and_the_others_refused()
            throws Exception {
        Batch batch = batch(4);
        target.limitCapacity(batch.choice().scope(), 3);

        Outcomes<MachineName> outcomes = driver().launch(batch);

        List<Outcome> all = batch.names().stream().map(outcomes::of).toList();
        assertThat(all).filteredOn(Outcome.Accepted.class::isInstance).hasSizeLessThanOrEqualTo(3);
        assertThat(all)
                .filteredOn(outcome -> !(outcome instanceof Outcome.Accepted))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                                .isEqualTo(FailureKind.NO_CAPACITY)));
        settle();
        assertThat(alive()).hasSize((int)
                all.stream().filter(Outcome.Accepted.class::isInstance).count());
    }

    @Test
    protected void a_zone_without_room_refuses_for_lack_of_capacity() throws Exception {
        Batch batch = batch(2);
        target.limitCapacity(batch.choice().scope(), 0);

        assertRefused(FailureKind.NO_CAPACITY, () -> driver().launch(batch), batch.names());
        settle();
        assertThat(alive()).isEmpty();
    }

    @Test
    protected void what_one_zone_refuses_another_may_take() throws Exception {
        List<Choice> choices = driver().resolve(target.document()).choices();
        Choice first = choices.get(0);
        Optional<Choice> elsewhere = choices.stream()
                .filter(choice -> !choice.zone().equals(first.zone()))
                .findFirst();
        assumeTrue(elsewhere.isPresent(), "this target has one zone");
        target.limitCapacity(first.scope(), 0);
        Batch batch = batch(1, elsewhere.orElseThrow(), pool);

        accepted(driver().launch(batch), batch.names());
    }

    @Test
    protected void a_quota_that_is_used_up_is_told_apart_from_a_lack_of_capacity() throws Exception {
        Batch batch = batch(1);
        target.limitQuota(0);

        assertRefused(FailureKind.QUOTA_EXCEEDED, () -> driver().launch(batch), batch.names());
    }

    @Test
    protected void a_launch_of_what_is_no_more_is_an_invalid_template() throws Exception {
        Batch batch = batch(1);
        target.forgetImages();

        assertRefused(FailureKind.INVALID_TEMPLATE, () -> driver().launch(batch), batch.names());
    }

    @Test
    protected void awkward_text_in_labels_and_user_data_is_carried_whole_or_refused_with_its_field() throws Exception {
        PoolDocument document = with(target.document(), Map.of("note", AWKWARD), Optional.of(SECRET));
        Template template;
        try {
            template = driver().resolve(document);
        } catch (TemplateProblems problems) {
            assertThat(problems.problems())
                    .extracting(TemplateProblems.Problem::field)
                    .allMatch(field -> field.startsWith("labels") || field.equals("userData"));
            return;
        }
        Batch batch = batch(1, template, template.choices().get(0), pool);
        accepted(driver().launch(batch), batch.names());

        runs();
        assertThat(shown(1).get(0).metadata().values()).contains(AWKWARD);
    }

    @Test
    protected void user_data_is_never_shown() throws Exception {
        Template template = driver().resolve(with(target.document(), Map.of(), Optional.of("sesame-4711")));
        Batch batch = batch(1, template, template.choices().get(0), pool);
        accepted(driver().launch(batch), batch.names());

        assertThat(shown(1).get(0).toString()).doesNotContain("sesame-4711");
    }

    @Test
    protected void a_batch_may_be_as_large_as_promised() throws Exception {
        int size = Math.min(20, driver().promises().batchMax());
        Batch batch = batch(size);

        accepted(driver().launch(batch), batch.names());

        shown(size);
    }

    @Test
    protected void what_was_launched_is_known_after_a_restart() throws Exception {
        Batch batch = batch(2);
        Map<MachineName, MachineId> ids = accepted(driver().launch(batch), batch.names());

        target.restart();

        for (CloudMachine machine : shown(2)) {
            assertThat(ids).containsEntry(machine.name().orElseThrow(), machine.id());
            assertThat(machine.marks()).contains(batch.marks());
        }
        if (driver().promises().tokenMemory().isPresent()) {
            assertThat(accepted(driver().launch(batch), batch.names())).isEqualTo(ids);
            settle();
            assertThat(alive()).hasSize(2);
        }
        for (MachineId id : ids.values()) {
            assertDone(driver().terminate(Set.of(id)).of(id));
        }
    }

    @Test
    protected void a_batch_is_repeated_as_it_was_frozen_whatever_the_document_says_by_then() throws Exception {
        Template before = driver().resolve(with(target.document(), Map.of("colour", "blue"), Optional.empty()));
        Batch batch = batch(1, before, before.choices().get(0), pool);
        target.loseNextRequest();
        assertInDoubt(() -> driver().launch(batch), batch.names());
        Template after = driver().resolve(with(target.document(), Map.of("colour", "red"), Optional.empty()));

        accepted(driver().launch(batch), batch.names());

        assertThat(after.frozen()).isNotEqualTo(before.frozen());
        assertThat(shown(1).get(0).metadata().values()).contains("blue").doesNotContain("red");
    }

    @Test
    protected void of_a_batch_that_is_too_large_for_the_quota_some_are_launched_and_the_others_refused()
            throws Exception {
        Batch batch = batch(4);
        target.limitQuota(2);

        Outcomes<MachineName> outcomes = driver().launch(batch);

        List<Outcome> all = batch.names().stream().map(outcomes::of).toList();
        assertThat(all).filteredOn(Outcome.Accepted.class::isInstance).hasSizeLessThanOrEqualTo(2);
        assertThat(all)
                .filteredOn(outcome -> !(outcome instanceof Outcome.Accepted))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                                .isEqualTo(FailureKind.QUOTA_EXCEEDED)));
        settle();
        assertThat(alive()).hasSize((int)
                all.stream().filter(Outcome.Accepted.class::isInstance).count());
    }

    // Listing

    @Test
    protected void a_pool_that_has_nothing_is_a_complete_listing_of_nothing() throws Exception {
        Listing listing = list(pool);

        assertThat(listing.machines()).isEmpty();
        assertThat(listing.missing()).isEmpty();
        assertThat(listing.refusals()).isEmpty();
    }

    @Test
    protected void a_listing_says_when_it_began() throws Exception {
        Instant before = target.clock().instant();
        Listing listing = list(pool);

        assertThat(listing.begun()).isBetween(before, target.clock().instant());
    }

    @Test
    protected void machines_of_others_are_never_listed() throws Exception {
        MachineId foreign = target.launchForeign("stranger-" + pool);
        launched(1);

        shown(1);
        settle();
        assertThat(list(pool).machines()).extracting(CloudMachine::id).doesNotContain(foreign);
    }

    @Test
    protected void one_listing_serves_several_pools_and_shows_no_others() throws Exception {
        PoolName second = new PoolName(pool + "-b");
        PoolName third = new PoolName(pool + "-c");
        Choice choice = driver().resolve(target.document()).choices().get(0);
        launched(1);
        Set<MachineId> others = new HashSet<>();
        for (PoolName other : List.of(second, third)) {
            Batch batch = batch(1, choice, other);
            others.addAll(accepted(driver().launch(batch), batch.names()).values());
        }

        eventually(() -> {
            Listing both = driver().list(Set.of(pool, second));
            assertThat(both.machines()).hasSize(2);
            assertThat(both.of(pool).machines()).hasSize(1);
            assertThat(both.of(second).machines()).hasSize(1);
        });
        driver().terminate(others);
    }

    @Test
    protected void a_listing_of_many_pages_is_whole() throws Exception {
        Set<MachineId> ids = launched(10);
        allRun(10);
        target.pageSize(3);

        eventually(() -> assertThat(alive()).extracting(CloudMachine::id).containsExactlyInAnyOrderElementsOf(ids));
    }

    @Test
    protected void a_listing_that_breaks_off_is_never_taken_for_a_whole_one() throws Exception {
        launched(5);
        allRun(5);
        settle();
        target.pageSize(2);
        target.throttleListings(1);

        Throwable failure = catchThrowable(() -> {
            Listing listing = list(pool);
            if (listing.missing().isEmpty()) {
                fail(
                        "a listing of %d of 5 machines said that it is complete",
                        listing.machines().size());
            }
        });
        if (failure != null) {
            assertThat(failure).isInstanceOf(CloudException.class);
        }
    }

    @Test
    protected void a_scope_that_cannot_be_seen_is_named_and_the_others_are_shown() throws Exception {
        List<Choice> choices = driver().resolve(target.document()).choices();
        Choice dark = choices.get(0);
        Optional<Choice> bright = choices.stream()
                .filter(choice -> !choice.zone().equals(dark.zone()))
                .findFirst();
        assumeTrue(bright.isPresent(), "this target has one zone");
        for (Choice choice : List.of(dark, bright.orElseThrow())) {
            Batch batch = batch(1, choice, pool);
            accepted(driver().launch(batch), batch.names());
        }
        shown(2);
        target.hide(dark.scope());

        eventually(() -> {
            Listing listing = list(pool);
            assertThat(listing.missing()).containsExactly(dark.scope());
            assertThat(listing.machines())
                    .extracting(CloudMachine::scope)
                    .contains(bright.orElseThrow().scope());
        });
    }

    @Test
    protected void a_launch_that_fails_after_it_was_accepted_is_told_of_by_name_and_shown_as_alive_no_more()
            throws Exception {
        target.refuseLater();
        Batch batch = batch(2);
        accepted(driver().launch(batch), batch.names());

        eventually(() -> {
            List<LateRefusal> refusals = list(pool).of(pool).refusals();
            assertThat(refusals).extracting(LateRefusal::name).containsExactlyInAnyOrderElementsOf(batch.names());
            assertThat(refusals)
                    .allSatisfy(refusal -> assertThat(refusal.kind()).isNotEqualTo(FailureKind.UNKNOWN));
        });
        eventually(() -> assertThat(alive()).isEmpty());
        Set<MachineId> remains = new HashSet<>();
        list(pool).machines().forEach(machine -> remains.add(machine.id()));
        for (MachineId id : remains) {
            assertDone(driver().terminate(remains).of(id));
        }
        eventually(() -> assertThat(list(pool).machines())
                .allSatisfy(machine -> assertThat(machine.state()).isEqualTo(MachineState.TERMINATED)));
    }

    @Test
    protected void a_machine_that_died_is_shown_as_dead_or_not_at_all() throws Exception {
        MachineId id = launched(1).iterator().next();
        shown(1);
        target.kill(id);

        eventually(() -> assertThat(alive()).isEmpty());
        settle();
        for (CloudMachine machine : list(pool).machines()) {
            assertThat(machine.state()).isIn(MachineState.TERMINATING, MachineState.TERMINATED, MachineState.REJECTED);
        }
    }

    @Test
    protected void a_cloud_that_cannot_be_read_is_an_error_and_never_an_empty_listing() throws Exception {
        MachineId id = launched(1).iterator().next();
        target.makeUnavailable();

        assertFailed(FailureKind.UNAVAILABLE, () -> list(pool));
        assertFailed(FailureKind.UNAVAILABLE, () -> driver().find(unknownLike(id)));
    }

    @Test
    protected void a_throttled_call_says_so_and_other_kinds_of_call_go_on() throws Exception {
        Batch batch = batch(1);
        target.throttleListings(1);
        list(pool);

        assertThatThrownBy(() -> list(pool)).isInstanceOfSatisfying(CloudException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.THROTTLED);
            assertThat(failure.retryAfter().orElse(Duration.ZERO)).isGreaterThanOrEqualTo(Duration.ZERO);
        });
        accepted(driver().launch(batch), batch.names());
    }

    @Test
    protected void credentials_that_are_not_accepted_are_told_apart() throws Exception {
        Batch batch = batch(1);
        target.revokeCredentials();

        assertFailed(FailureKind.UNAUTHORIZED, () -> list(pool));
        assertRefused(FailureKind.UNAUTHORIZED, () -> driver().launch(batch), batch.names());
    }

    // Ending

    @Test
    protected void a_machine_that_is_terminated_comes_to_its_end() throws Exception {
        Set<MachineId> ids = launched(2);
        shown(2);

        accepted(driver().terminate(ids), ids);

        eventually(() -> assertThat(list(pool).machines())
                .allSatisfy(machine -> assertThat(machine.state()).isEqualTo(MachineState.TERMINATED)));
    }

    @Test
    protected void a_machine_can_be_terminated_before_it_runs() throws Exception {
        Set<MachineId> ids = launched(1);

        accepted(driver().terminate(ids), ids);

        eventually(() -> assertThat(alive()).isEmpty());
    }

    @Test
    protected void terminating_again_is_no_mistake() throws Exception {
        Set<MachineId> ids = launched(1);
        accepted(driver().terminate(ids), ids);

        assertDone(driver().terminate(ids).of(ids.iterator().next()));
        eventually(() -> assertThat(list(pool).machines())
                .allSatisfy(machine -> assertThat(machine.state()).isEqualTo(MachineState.TERMINATED)));
        assertDone(driver().terminate(ids).of(ids.iterator().next()));
    }

    @Test
    protected void an_id_that_the_cloud_never_knew_is_done_and_keeps_no_other_from_ending() throws Exception {
        MachineId id = launched(1).iterator().next();
        MachineId unknown = unknownLike(id);

        Outcomes<MachineId> outcomes = driver().terminate(Set.of(id, unknown));

        assertThat(outcomes.of(id)).isInstanceOf(Outcome.Accepted.class);
        assertDone(outcomes.of(unknown));
        eventually(() -> assertThat(alive()).isEmpty());
    }

    @Test
    protected void a_termination_whose_answer_was_lost_is_in_doubt_and_can_be_repeated() throws Exception {
        Set<MachineId> ids = launched(2);
        target.loseNextAnswer();

        assertInDoubt(() -> driver().terminate(ids), ids);
        for (MachineId id : ids) {
            assertDone(driver().terminate(ids).of(id));
        }
        eventually(() -> assertThat(alive()).isEmpty());
    }

    @Test
    protected void a_protected_machine_is_a_conflict_of_its_own() throws Exception {
        List<MachineId> ids = List.copyOf(launched(2));
        allRun(2);
        target.protect(ids.get(0));

        Outcomes<MachineId> outcomes = driver().terminate(Set.copyOf(ids));

        assertThat(outcomes.of(ids.get(0)))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.CONFLICT));
        assertThat(outcomes.of(ids.get(1))).isInstanceOf(Outcome.Accepted.class);
        eventually(() -> assertThat(alive()).extracting(CloudMachine::id).containsExactly(ids.get(0)));
    }

    @Test
    protected void nothing_asked_is_nothing_done() throws Exception {
        launched(1);

        assertThat(driver().terminate(Set.of()).byKey()).isEmpty();
        assertThat(driver().mark(Map.of()).byKey()).isEmpty();
        settle();
        assertThat(alive()).hasSize(1);
    }

    // Marks: on machines that run, because a cloud may refuse them on one that does not yet (CONFLICT), and the loop
    // writes again

    @Test
    protected void every_mark_comes_back_as_it_was_written() throws Exception {
        MachineId id = running();
        long revision = 2;
        for (ServiceState service : ServiceState.values()) {
            for (MembershipStatus membership : List.of(
                    MembershipStatus.DEFAULT,
                    MembershipStatus.BLESSED,
                    MembershipStatus.AWAITING_SERVICE,
                    MembershipStatus.DISPOSABLE)) {
                Marks marks = new Marks(
                        Optional.of(pool),
                        new StoreId("zz09az90"),
                        revision,
                        service,
                        membership,
                        revision % 2 == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(1_700_000_000L)));
                accepted(driver().mark(Map.of(id, marks)), Set.of(id));
                eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> assertThat(machine.marks())
                        .contains(marks)));
                revision = revision * 3 + 1;
            }
        }
    }

    @Test
    protected void marks_leave_the_tags_of_others_alone() throws Exception {
        Template template = driver().resolve(with(target.document(), Map.of("owner", "anna"), Optional.empty()));
        Batch batch = batch(1, template, template.choices().get(0), pool);
        accepted(driver().launch(batch), batch.names());
        MachineId id = runs();

        accepted(driver().mark(Map.of(id, marks(Optional.of(pool), 2))), Set.of(id));

        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> {
            assertThat(machine.marks().map(Marks::revision)).contains(2L);
            assertThat(machine.metadata().values()).contains("anna");
        }));
    }

    @Test
    protected void a_released_machine_lives_on_outside_of_the_pool() throws Exception {
        MachineId id = running();

        accepted(driver().mark(Map.of(id, marks(Optional.empty(), 2))), Set.of(id));

        eventually(() -> assertThat(list(pool).machines()).isEmpty());
        eventually(() -> assertThat(driver().find(id)).hasValueSatisfying(machine -> {
            assertThat(machine.pool()).isEmpty();
            assertThat(machine.state().isAllocated()).isTrue();
            assertThat(machine.marks().map(Marks::revision)).contains(2L);
        }));
        driver().terminate(Set.of(id));
    }

    @Test
    protected void a_machine_of_nobody_is_listed_once_it_bears_the_mark() throws Exception {
        MachineId foreign = target.launchForeign("stranger-" + pool);
        eventually(() -> assertThat(driver().find(foreign))
                .hasValueSatisfying(machine -> assertThat(machine.state()).isEqualTo(MachineState.RUNNING)));

        accepted(driver().mark(Map.of(foreign, marks(Optional.of(pool), 1))), Set.of(foreign));

        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> {
            assertThat(machine.id()).isEqualTo(foreign);
            assertThat(machine.metadata().values()).contains("somebody");
        }));
    }

    @Test
    protected void a_mark_on_what_is_not_there_is_not_found_and_keeps_no_other_from_being_marked() throws Exception {
        MachineId id = running();
        MachineId unknown = unknownLike(id);
        shown(1);

        Outcomes<MachineId> outcomes =
                driver().mark(Map.of(id, marks(Optional.of(pool), 2), unknown, marks(Optional.of(pool), 2)));

        assertThat(outcomes.of(id)).isInstanceOf(Outcome.Accepted.class);
        assertThat(outcomes.of(unknown))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.NOT_FOUND));
    }

    @Test
    protected void a_mark_whose_answer_was_lost_is_in_doubt_and_can_be_repeated() throws Exception {
        MachineId id = running();
        Map<MachineId, Marks> marks = Map.of(id, marks(Optional.of(pool), 2));
        target.loseNextAnswer();

        assertInDoubt(() -> driver().mark(marks), marks.keySet());
        accepted(driver().mark(marks), marks.keySet());

        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> assertThat(machine.marks())
                .contains(marks(Optional.of(pool), 2))));
    }

    @Test
    protected void an_older_mark_that_is_written_later_shows_or_is_refused_and_the_two_are_never_mixed()
            throws Exception {
        MachineId id = running();
        Marks newer = marks(Optional.of(pool), 5);
        Marks older = new Marks(
                Optional.of(pool),
                STORE,
                3,
                ServiceState.UNHEALTHY,
                MembershipStatus.AWAITING_SERVICE,
                Optional.of(Instant.ofEpochSecond(1_600_000_000L)));
        accepted(driver().mark(Map.of(id, newer)), Set.of(id));

        Outcome outcome = driver().mark(Map.of(id, older)).of(id);

        Marks expected = outcome instanceof Outcome.Accepted ? older : newer;
        if (outcome instanceof Outcome.Refused refused) {
            assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
        }
        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> assertThat(machine.marks())
                .contains(expected)));
    }

    @Test
    protected void marks_that_somebody_edited_are_none_and_the_machine_is_still_shown() throws Exception {
        MachineId id = running();
        target.writeTag(id, Marks.MARKS_TAG, "whatever somebody wrote");

        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> {
            assertThat(machine.id()).isEqualTo(id);
            assertThat(machine.pool()).contains(pool);
            assertThat(machine.marks()).isEmpty();
        }));
        Marks again = marks(Optional.of(pool), 2);
        accepted(driver().mark(Map.of(id, again)), Set.of(id));
        eventually(() -> assertThat(alive()).singleElement().satisfies(machine -> assertThat(machine.marks())
                .contains(again)));
    }

    @Test
    protected void a_machine_whose_pool_somebody_wiped_is_nobodys_and_is_found_and_can_be_marked_again()
            throws Exception {
        MachineId id = running();
        target.writeTag(id, Marks.POOL_TAG, "");

        eventually(() -> assertThat(list(pool).machines()).isEmpty());
        eventually(() -> assertThat(driver().find(id))
                .hasValueSatisfying(machine -> assertThat(machine.pool()).isEmpty()));
        accepted(driver().mark(Map.of(id, marks(Optional.of(pool), 2))), Set.of(id));
        shown(1);
    }

    // Finding

    @Test
    protected void a_machine_is_found_by_its_id_in_and_outside_of_any_pool() throws Exception {
        MachineId own = launched(1).iterator().next();
        MachineId foreign = target.launchForeign("stranger-" + pool);

        eventually(() -> {
            assertThat(driver().find(own)).hasValueSatisfying(machine -> {
                assertThat(machine.id()).isEqualTo(own);
                assertThat(machine.pool()).contains(pool);
            });
            assertThat(driver().find(foreign)).hasValueSatisfying(machine -> {
                assertThat(machine.id()).isEqualTo(foreign);
                assertThat(machine.pool()).isEmpty();
                assertThat(machine.marks()).isEmpty();
            });
        });
        driver().terminate(Set.of(foreign));
    }

    @Test
    protected void what_never_was_is_not_found() throws Exception {
        MachineId id = launched(1).iterator().next();

        assertThat(driver().find(unknownLike(id))).isEmpty();
        assertThat(driver().find(new MachineId("another-clouds~id:1"))).isEmpty();
    }

    @Test
    protected void what_ended_is_found_dead_or_not_at_all() throws Exception {
        Set<MachineId> ids = launched(1);
        accepted(driver().terminate(ids), ids);

        eventually(() -> assertThat(driver().find(ids.iterator().next())
                        .map(CloudMachine::state)
                        .orElse(MachineState.TERMINATED))
                .isEqualTo(MachineState.TERMINATED));
    }

    // All together

    @Test
    protected void a_driver_serves_several_threads() throws Exception {
        Choice choice = driver().resolve(target.document()).choices().get(0);
        List<Batch> all = IntStream.range(0, 8)
                .mapToObj(i -> unchecked(() -> batch(1, choice, pool)))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (Batch batch : all) {
                calls.add(threads.submit(() -> {
                    accepted(driver().launch(batch), batch.names());
                    list(pool);
                    return true;
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
        shown(8);
    }

    // Words of the tests, for those who override some

    protected final CloudTarget cloud() {
        return target;
    }

    protected final CloudDriver driver() {
        return target.driver();
    }

    protected final Batch batch(int size) throws Exception {
        return batch(size, driver().resolve(target.document()).choices().get(0), pool);
    }

    private Batch batch(int size, Choice choice, PoolName of) throws Exception {
        return batch(size, driver().resolve(target.document()), choice, of);
    }

    private synchronized Batch batch(int size, Template template, Choice choice, PoolName of) {
        String id = of + "-" + batches++;
        return new Batch(
                new BatchId(id),
                of,
                choice,
                template.frozen(),
                IntStream.range(0, size)
                        .mapToObj(i -> MachineName.of(new BatchId(id), i))
                        .toList(),
                Marks.first(of, STORE),
                template.cloudProvider(),
                template.region());
    }

    /** Machines of one batch, accepted. */
    protected final Set<MachineId> launched(int size) throws Exception {
        Batch batch = batch(size);
        return new HashSet<>(accepted(driver().launch(batch), batch.names()).values());
    }

    /** One machine, as soon as it runs. */
    protected final MachineId running() throws Exception {
        launched(1);
        return runs();
    }

    private MachineId runs() throws Exception {
        List<MachineId> found = new ArrayList<>();
        eventually(() -> {
            found.clear();
            assertThat(alive()).singleElement().satisfies(machine -> {
                assertThat(machine.state()).isEqualTo(MachineState.RUNNING);
                found.add(machine.id());
            });
        });
        return found.get(0);
    }

    protected final Listing list(PoolName of) throws CloudException {
        return driver().list(Set.of(of));
    }

    /** The pool's machines that are asked for, pending or running. */
    protected final List<CloudMachine> alive() throws CloudException {
        return list(pool).machines().stream()
                .filter(machine -> machine.state().isAllocated())
                .toList();
    }

    /** Waits until the pool shows exactly so many alive, and gives them as that listing showed them: the next may lag again. */
    protected final List<CloudMachine> shown(int count) throws Exception {
        List<CloudMachine> machines = new ArrayList<>();
        eventually(() -> {
            machines.clear();
            machines.addAll(alive());
            assertThat(machines).hasSize(count);
        });
        return machines;
    }

    /** Waits until exactly so many are alive, and all of them run. */
    protected final void allRun(int count) throws Exception {
        eventually(() -> assertThat(alive()).hasSize(count).allSatisfy(machine -> assertThat(machine.state())
                .isEqualTo(MachineState.RUNNING)));
    }

    protected final <K> Map<K, MachineId> accepted(Outcomes<K> outcomes, Iterable<K> keys) {
        Map<K, MachineId> ids = new LinkedHashMap<>();
        for (K key : keys) {
            assertThat(outcomes.of(key))
                    .as(String.valueOf(key))
                    .isInstanceOfSatisfying(Outcome.Accepted.class, accepted -> ids.put(key, accepted.id()));
        }
        return ids;
    }

    /** As outcomes or as one exception: nobody knows. */
    protected final <K> void assertInDoubt(Callable<Outcomes<K>> call, Iterable<K> keys) throws Exception {
        try {
            Outcomes<K> outcomes = call.call();
            for (K key : keys) {
                assertThat(outcomes.of(key)).isInstanceOf(Outcome.Unknown.class);
            }
        } catch (CloudException failure) {
            assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN);
        }
    }

    /** As outcomes or as one exception: it did not happen and will not. */
    protected final <K> void assertRefused(FailureKind kind, Callable<Outcomes<K>> call, Iterable<K> keys)
            throws Exception {
        try {
            Outcomes<K> outcomes = call.call();
            for (K key : keys) {
                assertThat(outcomes.of(key))
                        .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                                .isEqualTo(kind));
            }
        } catch (CloudException failure) {
            assertThat(failure.kind()).isEqualTo(kind);
        }
    }

    /** What a termination of something gone answers. */
    private static void assertDone(Outcome outcome) {
        if (!(outcome instanceof Outcome.Accepted)) {
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                    .isEqualTo(FailureKind.NOT_FOUND));
        }
    }

    private static void assertFailed(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                .isEqualTo(kind));
    }

    /** The cloud's time passes until it holds, within the target's patience. */
    protected final void eventually(Checked check) throws Exception {
        Instant end = target.clock().instant().plus(target.patience());
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError notYet) {
                if (!target.clock().instant().isBefore(end)) {
                    throw notYet;
                }
            }
            target.pass(LOOK);
        }
    }

    /** Lets everything arrive that may still arrive: lag and lateness. */
    protected final void settle() {
        target.pass(
                driver().promises().lag().plus(driver().promises().lateness()).plus(LOOK));
    }

    /** A check that may fail to reach the cloud. */
    protected interface Checked {
        void run() throws Exception;
    }

    private static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Marks marks(Optional<PoolName> of, long revision) {
        return new Marks(of, STORE, revision, ServiceState.UNKNOWN, MembershipStatus.DEFAULT, Optional.empty());
    }

    /** An id of the same form that no machine has. */
    private static MachineId unknownLike(MachineId id) {
        String value = id.value();
        char last = value.charAt(value.length() - 1);
        String head = value.substring(0, value.length() - 4);
        return new MachineId(head + (last == 'f' ? "eeee" : "ffff"));
    }

    protected static PoolDocument with(PoolDocument document, Map<String, String> labels, Optional<String> userData) {
        return new PoolDocument(
                document.min(),
                document.max(),
                document.size(),
                document.image(),
                document.machineTypes(),
                document.zones(),
                document.dataVolumes(),
                userData,
                document.publicAddress(),
                document.connectionPolicy(),
                document.sshKey(),
                document.network(),
                labels,
                document.connection(),
                document.autoscalers(),
                document.health(),
                document.victimPolicy(),
                document.billingPeriod(),
                document.pace(),
                document.timeouts(),
                document.section());
    }
}
