package io.weir.gce;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.kit.Rooms;
import org.junit.jupiter.api.Test;

/** The walls of this module. Beside each rule of its own stands one of the same form that must find something, or it would hold nothing. */
class RoomsTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.weir.gce");

    @Test
    void googles_client_is_imported_in_the_driver_room_alone() {
        clientOutsideOf("io.weir.gce.compute..").check(OURS);

        assertThat(clientOutsideOf("io.weir.gce").evaluate(OURS).hasViolation()).isTrue();
    }

    private static ArchRule clientOutsideOf(String room) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.cloud..", "com.google.api..", "com.google.auth..");
    }

    @Test
    void the_driver_room_knows_nothing_of_turns_doors_stores_and_the_program_around_it() {
        computeTouches(
                        "io.weir.plan..",
                        "io.weir.reconcile..",
                        "io.weir.http..",
                        "io.weir.store..",
                        "io.weir.app..",
                        "io.weir.guard..",
                        "io.weir.simulated..",
                        "io.weir.gce")
                .check(OURS);

        assertThat(computeTouches("io.weir.driver..").evaluate(OURS).hasViolation())
                .isTrue();
    }

    private static ArchRule computeTouches(String... rooms) {
        return noClasses()
                .that()
                .resideInAPackage("io.weir.gce.compute..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms);
    }

    @Test
    void clocks_and_threads_and_dice_are_handed_in() {
        Rooms.clocksAndThreadsAreMadeIn("io.weir.app..").check(OURS);
        Rooms.diceAreMadeIn("io.weir.app..").check(OURS);
    }
}
