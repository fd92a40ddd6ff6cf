package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;
import io.weir.driver.Outcomes;
import io.weir.kit.CloudTarget;
import io.weir.kit.PoolText;
import io.weir.openstack.Openstack;
import io.weir.openstack.nova.NovaApi.FloatingIp;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.openstack.nova.NovaApi.Volume;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Leftover;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Volumes, ports and floating IPs: they come with a machine, go with it, and never with one of somebody else. */
abstract class SidesContract {
    private static final StoreId STORE = new StoreId("kit00001");
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final String BOOT_VOLUME = "{\"bootVolume\": {\"sizeGb\": 1}}";

    private CloudTarget target;
    private PoolName pool;
    private int batches;

    abstract CloudTarget target() throws Exception;

    /** The same account's calls, past the driver. */
    abstract OpenstackCalls calls();

    final NovaApi api() {
        return new OpenstackNovaApi(calls());
    }

    private Leftovers leftovers() {
        return new NovaLeftovers(this::api);
    }

    /** A network that the machines are on. */
    abstract String network();

    /** From now on volumes take so long to be made. */
    abstract void slowVolumes(Duration time);

    /** From now on volumes cannot be made. */
    abstract void noVolumes();

    /** Nova does not reach Cinder any more, or does again. */
    abstract void cinder(boolean there);

    final CloudTarget cloud() {
        return target;
    }

    final PoolName pool() {
        return pool;
    }

    @BeforeEach
    final void setUp() throws Exception {
        target = target();
        pool = new PoolName("kit-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @AfterEach
    final void takeAllAway() throws Exception {
        if (target == null) {
            return;
        }
        try (CloudTarget ending = target) {
            ending.calm();
            for (CloudMachine machine : driver().list(Set.of(pool)).machines()) {
                driver().terminate(Set.of(machine.id()));
            }
            eventually(() -> assertThat(driver().list(Set.of(pool)).machines()).isEmpty());
            eventually(() -> {
                for (Leftover leftover : leftovers().list(Set.of(pool))) {
                    leftovers().takeAway(leftover);
                }
                assertThat(volumes()).isEmpty();
            });
        }
    }

    // Volumes

    @Test
    void a_machine_with_volumes_has_them_all_marked_and_they_go_with_it() throws Exception {
        Batch batch = batch(2, document("{}", false, 2));

        Set<MachineId> ids = launched(batch);

        eventually(() -> assertThat(running()).hasSize(2));
        assertThat(volumes()).hasSize(4).allSatisfy(volume -> {
            assertThat(volume.status()).isEqualTo("in-use");
            assertThat(volume.metadata())
                    .containsEntry(Marks.POOL_TAG, pool.value())
                    .containsEntry(NovaMachines.BATCH_TAG, batch.id().value())
                    .containsKey(Marks.NAME_TAG);
        });
        driver().terminate(ids);
        nothingIsLeft();
    }

    @Test
    void a_machine_that_boots_from_a_volume_has_a_marked_root_that_goes_with_it() throws Exception {
        Set<MachineId> ids = launched(batch(1, document(BOOT_VOLUME, false, 1)));

        eventually(() -> assertThat(running()).hasSize(1));
        assertThat(volumes())
                .extracting(volume -> volume.metadata().get("weir-disk"))
                .containsExactlyInAnyOrder("root", "0");
        driver().terminate(ids);
        nothingIsLeft();
    }

    @Test
    void while_its_volumes_are_made_a_machine_waits_and_nothing_is_made_twice() throws Exception {
        slowVolumes(Duration.ofSeconds(4));
        Batch batch = batch(1, document("{}", false, 1));

        Outcome first = driver().launch(batch).of(batch.names().get(0));

        assertThat(first).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(FailureKind.WITHHELD);
            assertThat(refused.text()).contains("not ready yet");
        });
        launched(batch);
        assertThat(volumes()).hasSize(1);
    }

    @Test
    void a_machine_whose_volume_cannot_be_made_is_refused_and_nothing_of_it_is_left() throws Exception {
        noVolumes();
        Batch batch = batch(1, document("{}", false, 1));
        MachineName name = batch.names().get(0);

        Outcome[] last = new Outcome[1];
        eventually(() -> {
            last[0] = driver().launch(batch).of(name);
            assertThat(last[0]).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                    .isEqualTo(FailureKind.NO_CAPACITY));
        });
        nothingIsLeft();
    }

    @Test
    void a_machine_that_nova_refuses_leaves_no_volume_behind() throws Exception {
        Batch good = batch(1, document("{}", false, 1));
        Batch batch = new Batch(
                good.id(),
                pool,
                good.choice(),
                Frozen.parse(good.frozen()).text().replace("\"image\":\"", "\"image\":\"0"),
                good.names(),
                good.marks(),
                good.cloudProvider(),
                good.region());

        Outcome[] last = new Outcome[1];
        eventually(() -> {
            last[0] = driver().launch(batch).of(batch.names().get(0));
            assertThat(last[0]).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                    .isEqualTo(FailureKind.INVALID_TEMPLATE));
        });
        nothingIsLeft();
    }

    @Test
    void a_launch_whose_answer_was_lost_cannot_be_had_twice_because_its_volume_is_taken() throws Exception {
        Batch batch = batch(1, document("{}", false, 1));
        MachineName name = batch.names().get(0);
        untilItsVolumesAreThere(batch);
        target.loseNextAnswer();
        assertThat(driver().launch(batch).of(name)).isInstanceOf(Outcome.Unknown.class);

        eventually(() -> assertThat(running()).hasSize(1));
        assertThat(driver().launch(batch).of(name)).isInstanceOf(Outcome.Unknown.class);
        assertThat(running()).hasSize(1);
        assertThat(volumes()).hasSize(1);
    }

    /** Makes the volumes of a batch and asks for no server yet. */
    final void untilItsVolumesAreThere(Batch batch) throws Exception {
        Sides sides = Sides.read(api(), batch, Frozen.parse(batch.frozen()));
        for (MachineName name : batch.names()) {
            sides.makeMissing(api(), name);
        }
        eventually(
                () -> assertThat(volumes()).allMatch(volume -> volume.status().equals("available")));
    }

    @Test
    void a_launch_that_was_broken_off_leaves_what_is_found_by_its_mark_and_taken_away() throws Exception {
        Batch batch = batch(2, document("{}", false, 1));
        untilItsVolumesAreThere(batch);

        List<Leftover> found = leftovers().list(Set.of(pool));
        assertThat(found).hasSize(2);
        assertThat(found).extracting(Leftover::machine).containsExactlyInAnyOrderElementsOf(batch.names());
        assertThat(leftovers().list(Set.of(new PoolName("another")))).isEmpty();
        for (Leftover leftover : found) {
            leftovers().takeAway(leftover);
        }
        nothingIsLeft();
    }

    @Test
    void what_serves_a_machine_is_no_leftover_and_is_not_taken_away() throws Exception {
        launched(batch(1, document("{}", false, 1)));
        eventually(() -> assertThat(running()).hasSize(1));

        assertThat(leftovers().list(Set.of(pool))).isEmpty();
        Leftover wrong = new Leftover(
                "volume:" + volumes().get(0).id(), pool, running().get(0).name().orElseThrow());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> leftovers().takeAway(wrong)))
                .isNotNull();
        assertThat(volumes()).hasSize(1);
    }

    @Test
    void a_released_machine_keeps_its_volumes_and_they_are_leftovers_of_nobody() throws Exception {
        MachineId id = launched(batch(1, document("{}", false, 1))).iterator().next();
        eventually(() -> assertThat(running()).hasSize(1));
        String volume = volumes().get(0).id();

        assertThat(driver().mark(Map.of(id, released())).of(id)).isInstanceOf(Outcome.Accepted.class);

        assertThat(api().volume(volume)).hasValueSatisfying(kept -> {
            assertThat(kept.status()).isEqualTo("in-use");
            assertThat(kept.metadata()).doesNotContainKey(Marks.POOL_TAG);
        });
        driver().terminate(Set.of(id));
        eventually(() -> assertThat(api().volume(volume)).isEmpty());
    }

    @Test
    void volumes_of_a_server_that_was_deleted_while_cinder_was_away_are_freed_and_taken_away() throws Exception {
        MachineId id = launched(batch(1, document("{}", false, 1))).iterator().next();
        eventually(() -> assertThat(running()).hasSize(1));
        cinder(false);
        driver().terminate(Set.of(id));
        eventually(() -> assertThat(driver().find(id)).isEmpty());
        cinder(true);

        eventually(() -> {
            List<Leftover> found = leftovers().list(Set.of(pool));
            for (Leftover leftover : found) {
                leftovers().takeAway(leftover);
            }
            assertThat(volumes()).isEmpty();
        });
    }

    // Floating IPs

    @Test
    void a_public_address_is_there_when_the_machine_runs_and_goes_with_it() throws Exception {
        Set<MachineId> ids = launched(batch(2, document("{}", true, 0)));

        eventually(() -> assertThat(running()).hasSize(2).allSatisfy(machine -> {
            assertThat(machine.publicIps()).hasSize(1);
            assertThat(machine.privateIps()).hasSize(1);
        }));
        driver().terminate(ids);
        nothingIsLeft();
    }

    @Test
    void an_address_of_a_launch_that_was_broken_off_is_found_by_its_mark_and_taken_away_with_its_port()
            throws Exception {
        Batch batch = batch(1, document("{}", true, 0));
        Sides.read(api(), batch, Frozen.parse(batch.frozen()))
                .makeMissing(api(), batch.names().get(0));

        List<Leftover> found = leftovers().list(Set.of(pool));
        assertThat(found)
                .extracting(leftover -> leftover.id().split(":")[0])
                .containsExactlyInAnyOrder("port", "floating-ip");
        for (Leftover leftover : found) {
            leftovers().takeAway(leftover);
        }
        nothingIsLeft();
    }

    @Test
    void a_released_machine_keeps_its_address() throws Exception {
        MachineId id = launched(batch(1, document("{}", true, 0))).iterator().next();
        eventually(() -> assertThat(running()).hasSize(1));

        assertThat(driver().mark(Map.of(id, released())).of(id)).isInstanceOf(Outcome.Accepted.class);

        assertThat(driver().find(id))
                .hasValueSatisfying(machine -> assertThat(machine.publicIps()).hasSize(1));
        assertThat(leftovers().list(Set.of(pool))).isEmpty();
        takeReleasedAway(id);
    }

    private void takeReleasedAway(MachineId id) throws Exception {
        for (Port port : api().portsOf(id.value())) {
            for (FloatingIp address : api().floatingIps()) {
                if (address.port().filter(port.id()::equals).isPresent()) {
                    api().deleteFloatingIp(address.id());
                }
            }
        }
        driver().terminate(Set.of(id));
        for (Port port : api().portsNamed(List.of(id.value()))) {
            api().deletePort(port.id());
        }
    }

    // Metadata that somebody wiped

    @Test
    void a_machine_that_was_wiped_and_is_marked_again_still_goes_with_all_that_was_made_for_it() throws Exception {
        MachineId id = launched(batch(1, document("{}", true, 1))).iterator().next();
        eventually(() -> assertThat(running()).hasSize(1));
        wipe(id);
        assertThat(driver().mark(Map.of(id, Marks.first(pool, STORE))).of(id)).isInstanceOf(Outcome.Accepted.class);

        driver().terminate(Set.of(id));

        nothingIsLeft();
    }

    @Test
    void a_machine_that_was_wiped_keeps_all_of_it_when_it_is_released() throws Exception {
        MachineId id = launched(batch(1, document("{}", true, 1))).iterator().next();
        eventually(() -> assertThat(running()).hasSize(1));
        String volume = volumes().get(0).id();
        wipe(id);

        assertThat(driver().mark(Map.of(id, released())).of(id)).isInstanceOf(Outcome.Accepted.class);

        assertThat(api().volume(volume))
                .hasValueSatisfying(kept -> assertThat(kept.metadata()).doesNotContainKey(Marks.POOL_TAG));
        assertThat(api().portsDescribed(List.of(Sides.portMark(pool)))).isEmpty();
        takeReleasedAway(id);
    }

    private void wipe(MachineId id) throws NovaFailure {
        calls().put(Service.COMPUTE, "/servers/{id}/metadata", id.value())
                .body(RealOpenstack.object("metadata", Map.of()))
                .done();
    }

    // Words of the tests

    CloudDriver driver() {
        return target.driver();
    }

    private static Marks released() {
        return new Marks(Optional.empty(), STORE, 2, ServiceState.UNKNOWN, MembershipStatus.DEFAULT, Optional.empty());
    }

    PoolDocument document(String section, boolean publicAddress, int volumes) {
        PoolDocument plain = target.document();
        return PoolText.read(new Openstack(Map.of()), """
                max: 10
                image: "%s"
                machineTypes: ["%s"]
                network: "%s"
                publicAddress: %s
                dataVolumes: %s
                openstack: %s
                """.formatted(
                        plain.image().orElseThrow(),
                        plain.machineTypes().getFirst(),
                        publicAddress ? network() : plain.network().orElseThrow(),
                        publicAddress,
                        Collections.nCopies(volumes, "{sizeGb: 1}"),
                        section));
    }

    Batch batch(int size, PoolDocument document) throws Exception {
        Template template = driver().resolve(document);
        String id = pool + "-" + batches++;
        return new Batch(
                new BatchId(id),
                pool,
                template.choices().get(0),
                template.frozen(),
                IntStream.range(0, size)
                        .mapToObj(i -> new MachineName(id + "-" + i))
                        .toList(),
                Marks.first(pool, STORE),
                template.cloudProvider(),
                template.region());
    }

    /** As the loop does: what is not ready yet is asked for again. */
    Set<MachineId> launched(Batch batch) throws Exception {
        Set<MachineId> ids = new java.util.HashSet<>();
        List<MachineName> left = new java.util.ArrayList<>(batch.names());
        eventually(() -> {
            Outcomes<MachineName> outcomes = driver().launch(batch.only(left));
            for (MachineName name : List.copyOf(left)) {
                if (outcomes.of(name) instanceof Outcome.Accepted accepted) {
                    ids.add(accepted.id());
                    left.remove(name);
                } else {
                    assertThat(outcomes.of(name))
                            .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                                    .isEqualTo(FailureKind.WITHHELD));
                }
            }
            assertThat(left).isEmpty();
        });
        return ids;
    }

    List<CloudMachine> running() throws Exception {
        return driver().list(Set.of(pool)).machines().stream()
                .filter(machine -> machine.state() == MachineState.RUNNING)
                .toList();
    }

    private List<Volume> volumes() throws Exception {
        return api().volumes(Map.of(Marks.POOL_TAG, pool.value()));
    }

    void nothingIsLeft() throws Exception {
        eventually(() -> {
            assertThat(driver().list(Set.of(pool)).machines()).isEmpty();
            assertThat(volumes()).isEmpty();
            assertThat(api().portsDescribed(List.of(Sides.portMark(pool)))).isEmpty();
            assertThat(api().floatingIps())
                    .noneMatch(address -> address.description().contains(pool.value()));
        });
    }

    interface Checked {
        void run() throws Exception;
    }

    void eventually(Checked check) throws Exception {
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
}
