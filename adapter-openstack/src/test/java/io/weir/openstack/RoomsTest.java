package io.weir.openstack;

import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;
import static com.tngtech.archunit.core.importer.ImportOption.Predefined.ONLY_INCLUDE_TESTS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.weir.kit.Rooms;
import org.junit.jupiter.api.Test;

/** The walls of this module, the same as the core's. */
class RoomsTest {
    private static final JavaClasses OURS =
            new ClassFileImporter().withImportOption(DO_NOT_INCLUDE_TESTS).importPackages("io.weir.openstack");
    private static final JavaClasses TESTS =
            new ClassFileImporter().withImportOption(ONLY_INCLUDE_TESTS).importPackages("io.weir.openstack");

    @Test
    void the_driver_knows_no_plan_no_loop_no_store_and_no_door_and_openstack4j_is_known_to_it_alone() {
        Rooms.driverRoom("io.weir.openstack.nova..", "org.openstack4j..").check(OURS);
    }

    @Test
    void clocks_and_threads_and_dice_are_handed_in() {
        Rooms.clocksAndThreadsAreMadeIn("io.weir.app..").check(OURS);
        Rooms.diceAreMadeIn("io.weir.app..").check(OURS);
    }

    @Test
    void the_driver_is_tried() {
        Rooms.everyDriverIsTried(TESTS).check(OURS);
    }
}
