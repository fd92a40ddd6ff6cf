package io.weir.autoscaler;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The walls between the rooms, each with its reason. What drives the program from outside ({@code demo}, {@code traffic}) is no room. */
class RoomsTest {
    private static final String[] ROOMS = {
        "io.weir.autoscaler.metric..",
        "io.weir.autoscaler.source..",
        "io.weir.autoscaler.policy..",
        "io.weir.autoscaler.decide..",
        "io.weir.autoscaler.loop..",
        "io.weir.autoscaler.target..",
        "io.weir.autoscaler.store..",
        "io.weir.autoscaler.http..",
    };
    private static final String[] PURE = {
        "io.weir.autoscaler.metric..", "io.weir.autoscaler.policy..", "io.weir.autoscaler.decide.."
    };

    private final JavaClasses ours = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.weir.autoscaler");

    @Test
    void a_pure_room_knows_only_values_and_other_pure_rooms() {
        classes()
                .that(resideInAnyPackage(PURE))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "io.weir.autoscaler.metric..",
                        "io.weir.autoscaler.policy..",
                        "io.weir.autoscaler.decide..",
                        "java.lang..",
                        "java.math..",
                        "java.time..",
                        "java.util..",
                        "org.jspecify.annotations..",
                        "com.cronutils.."))
                .because("what decides must be the same again from the same inputs")
                .check(ours);
    }

    @Test
    void a_pure_room_asks_no_clock_no_dice_and_no_thread() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(java.time.ZonedDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat(
                        resideInAnyPackage("java.util.concurrent..", "java.util.random..", "java.lang.reflect.."))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.time.InstantSource.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .because("time and everything else come with the beat")
                .check(ours);
    }

    @Test
    void measuring_knows_nothing_of_policies_and_policies_nothing_of_deciding() {
        noClasses()
                .that(resideInAnyPackage("io.weir.autoscaler.metric.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.weir.autoscaler.policy..", "io.weir.autoscaler.decide.."))
                .check(ours);
        noClasses()
                .that(resideInAnyPackage("io.weir.autoscaler.policy.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.weir.autoscaler.decide.."))
                .check(ours);
        noClasses()
                .that(resideInAnyPackage("io.weir.autoscaler.source.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.weir.autoscaler.policy..", "io.weir.autoscaler.decide.."))
                .check(ours);
    }

    @Test
    void clocks_threads_and_dice_are_made_in_app_and_handed_in() {
        noClasses()
                .that(resideInAnyPackage(ROOMS))
                .should()
                .callMethod(java.time.Clock.class, "systemUTC")
                .orShould()
                .callMethod(java.time.Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executors.class)
                .orShould()
                .callConstructor(Thread.class)
                .orShould()
                .callConstructor(java.util.Random.class)
                .because("a test turns the clock, and one place says what runs")
                .check(ours);
    }

    @Test
    void the_web_is_spoken_at_the_door_alone() {
        noClasses()
                .that(resideOutsideOfPackages("io.weir.autoscaler.http..", "io.weir.autoscaler.app.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs.."))
                .check(ours);
    }

    @Test
    void adapters_are_spoken_to_in_one_room() {
        noClasses()
                .that(resideInAnyPackage(ROOMS))
                .and(resideOutsideOfPackages("io.weir.autoscaler.target.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.weir.api.."))
                .because("a target may be spread over several adapters one day")
                .check(ours);
    }

    @Test
    void nobody_in_a_room_looks_at_the_composition_root() {
        noClasses()
                .that(resideInAnyPackage(ROOMS))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.weir.autoscaler.app..", "io.weir.autoscaler.demo..", "io.weir.autoscaler.traffic.."))
                .check(ours);
    }

    @Test
    void the_rooms_have_no_cycle() {
        slices().matching("io.weir.autoscaler.(*)..")
                .should()
                .beFreeOfCycles()
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(java.util.Arrays.stream(ROOMS)
                                .map(room -> room.replace("..", ""))
                                .toArray(String[]::new)));
    }
}
