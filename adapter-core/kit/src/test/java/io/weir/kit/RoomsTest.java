package io.weir.kit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The walls of the house ({@code docs/architecture.md}) over adapter-api, certs, service, core and this kit. Beside each rule stands a
 * class that breaks it, which is compiled here and must be found: a rule that finds nothing holds nothing.
 */
class RoomsTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.weir");
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.weir");

    private static final ArchRule POOL_IS_PURE = Rooms.pure("io.weir.pool..");
    private static final ArchRule PLAN_IS_PURE = Rooms.pure("io.weir.plan..", "io.weir.pool..");

    /**
     * Which rooms a room touches besides itself. What is not in it is no room: a new one gets a row here and in the architecture. The
     * door touches the store for the events alone that the front desk hands out ({@link #the_door_asks_the_front_desk}).
     */
    private static final Map<String, List<String>> TOUCHES = Map.ofEntries(
            entry("api", List.of()),
            entry("certs", List.of()),
            entry("service", List.of("certs")),
            entry("pool", List.of()),
            entry("plan", List.of("pool")),
            entry("driver", List.of("pool")),
            entry("cloud", List.of("pool", "driver", "service")),
            entry("guard", List.of("pool", "driver", "cloud")),
            entry("store", List.of("pool", "service")),
            entry("journal", List.of("pool", "plan", "store")),
            entry("reconcile", List.of("pool", "plan", "driver", "store", "journal")),
            entry("probe", List.of("pool", "reconcile")),
            entry("simulated", List.of("pool", "driver", "service")),
            entry("http", List.of("api", "pool", "plan", "reconcile", "store", "service", "certs")),
            entry(
                    "kit",
                    List.of(
                            "pool",
                            "plan",
                            "driver",
                            "guard",
                            "reconcile",
                            "store",
                            "journal",
                            "simulated",
                            "cloud",
                            "http",
                            "service",
                            "certs")),
            entry(
                    "app",
                    List.of(
                            "api",
                            "pool",
                            "plan",
                            "driver",
                            "cloud",
                            "guard",
                            "reconcile",
                            "probe",
                            "store",
                            "journal",
                            "simulated",
                            "http",
                            "service",
                            "certs")));

    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
    /** Shared, as it reads every jar once. */
    private static final StandardJavaFileManager LIBRARIES = JAVAC.getStandardFileManager(null, null, null);

    @TempDir
    Path folder;

    @AfterAll
    static void closeLibraries() throws IOException {
        LIBRARIES.close();
    }

    @Test
    void what_a_pool_is_and_what_a_turn_does_are_values_made_of_values() {
        POOL_IS_PURE.check(OURS);
        PLAN_IS_PURE.check(OURS);

        assertBroken(POOL_IS_PURE, "io.weir.pool", "class Wrong { io.weir.plan.Plan plan; }");
        assertBroken(PLAN_IS_PURE, "io.weir.plan", "class Wrong { io.weir.driver.Listing listing; }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Object a = java.time.Instant.now();",
                "java.util.function.Supplier<Object> a = java.time.LocalDate::now;",
                "long a = System.nanoTime();",
                "java.util.function.LongSupplier a = System::currentTimeMillis;",
                "java.time.InstantSource clock;",
                "Object a = java.time.ZoneId.systemDefault();",
                "Object a = new java.util.Random(1);",
                "double a = Math.random();",
                "Object a = java.util.UUID.randomUUID();",
                "Object a = Thread.currentThread();",
                "java.util.concurrent.locks.Lock lock;",
                "long a(java.util.List<String> of) { return of.parallelStream().count(); }",
                "boolean a(java.nio.file.Path file) { return java.nio.file.Files.exists(file); }",
                "Object a = new Object() { public String toString() { return System.getenv(\"HOME\"); } };",
                "org.slf4j.Logger log;",
                "String a = \"%d\".formatted(1);",
                "String a = \"TITLE\".toLowerCase();",
                "static int calls;",
            })
    void a_pure_room_has_no_clock_no_dice_no_thread_no_file_no_log_and_no_memory(String impure) {
        assertBroken(PLAN_IS_PURE, "io.weir.plan", "class Wrong { " + impure + " }");
    }

    @Test
    void every_class_is_in_a_room_and_touches_only_the_rooms_that_it_may() {
        List<ArchRule> rules = new ArrayList<>();
        TOUCHES.forEach((room, others) -> rules.add(noClasses()
                .that()
                .resideInAPackage("io.weir." + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.weir..")
                        .and(resideOutsideOfPackages(Stream.concat(Stream.of(room), others.stream())
                                .map(one -> "io.weir." + one + "..")
                                .toArray(String[]::new))))
                .as(room + " touches " + others + " and nothing else of ours")));
        String[] rooms =
                TOUCHES.keySet().stream().map(room -> "io.weir." + room + "..").toArray(String[]::new);
        ArchRule inARoom = classes().should().resideInAnyPackage(rooms).because("nobody said yet what it may touch");

        rules.forEach(rule -> rule.check(OURS));
        inARoom.check(OURS);

        for (String room : TOUCHES.keySet()) {
            String elsewhere = TOUCHES.keySet().stream()
                    .filter(other -> !other.equals(room) && !TOUCHES.get(room).contains(other))
                    .findFirst()
                    .map(RoomsTest::somebodyOf)
                    .orElse("io.weir.kit.Rooms");
            JavaClasses wrong = compiled("io.weir." + room, "class Wrong { " + elsewhere + " other; }");
            assertThat(rules.stream()
                            .filter(rule -> !RoomsTest.violations(rule, wrong).isEmpty()))
                    .as(room + " and " + elsewhere)
                    .hasSize(1);
        }
        assertBroken(inARoom, "io.weir.cellar", "class Wrong {}");
    }

    /** A public class of a room. */
    private static String somebodyOf(String room) {
        return OURS.stream()
                .filter(one -> one.getPackageName().equals("io.weir." + room)
                        && one.isTopLevelClass()
                        && one.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
                .findFirst()
                .orElseThrow()
                .getName();
    }

    @Test
    void nobody_looks_at_the_composition_root() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage("io.weir.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.weir.app..")
                .because("it knows everybody: whoever knew it would know everybody too");

        rule.check(OURS);
        assertBroken(rule, "io.weir.service", "class Wrong { io.weir.app.Weir all; }");
    }

    @Test
    void the_rooms_have_no_cycle() {
        ArchRule rule = slices().matching("io.weir.(*)..").should().beFreeOfCycles();
        ArchRule within = slices().matching("io.weir.service.(*)..").should().beFreeOfCycles();

        rule.check(OURS);
        within.check(OURS);

        compiled(
                "io.weir.left",
                "public class There { io.weir.right.Back back; }",
                "io.weir.right",
                "public class Back { io.weir.left.There there; }");
        assertThat(violations(rule, new ClassFileImporter().importPath(folder))).hasSize(1);
    }

    @Test
    void the_door_asks_the_front_desk() {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("io.weir.http..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.weir.store..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo(
                                        Store.StoredEvent.class))))
                .because(
                        "what may be asked of a pool is said in one place; an event as it is stored is what the front desk gives");

        rule.check(OURS);
        assertBroken(rule, "io.weir.http", "class Wrong { io.weir.store.Store store; }");
    }

    @Test
    void messages_are_records_with_annotations_and_nothing_else() {
        ArchRule rule = classes()
                .that()
                .resideInAPackage("io.weir.api")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.weir.api",
                        "java.lang..",
                        "java.time..",
                        "java.util..",
                        "java.math..",
                        "com.fasterxml.jackson.annotation..",
                        "org.jspecify.annotations..")
                .because("whoever speaks to an adapter in another way needs the messages without our client");

        rule.check(OURS);
        assertBroken(rule, "io.weir.api", "class Wrong { com.fasterxml.jackson.databind.JsonNode any; }");
        assertBroken(rule, "io.weir.api", "class Wrong { io.weir.api.client.PoolClient client; }");
    }

    @Test
    void a_library_is_known_where_it_is_needed() {
        // The simulated cloud answers through the JDK's own server, and app wires instances: neither needs JAX-RS.
        assertStaysIn("jakarta.ws.rs..", "jakarta.ws.rs.core.Response", "io.weir.http..", "io.weir.service..");
        // Elsewhere a constructor is all that is needed.
        assertStaysIn("com.google.inject..", "com.google.inject.Injector", "io.weir.app..");
        assertStaysIn("org.bouncycastle..", "org.bouncycastle.asn1.ASN1Object", "io.weir.certs..");
        assertStaysIn("org.jdbi..", "org.jdbi.v3.core.Jdbi", "io.weir.store..", "io.weir.service.database..");
        assertStaysIn("java.sql..", "java.sql.Connection", "io.weir.store..", "io.weir.service.database..");
        assertStaysIn("io.dropwizard..", "io.dropwizard.core.setup.Environment", "io.weir.service..");
        assertStaysIn("org.eclipse.jetty..", "org.eclipse.jetty.server.Server", "io.weir.service..");
        assertStaysIn("io.github.bucket4j..", "io.github.bucket4j.Bucket", "io.weir.guard..");
        assertStaysIn("com.sun.net.httpserver..", "com.sun.net.httpserver.HttpServer", "io.weir.simulated.http..");
    }

    private void assertStaysIn(String library, String one, String... rooms) {
        ArchRule rule = Rooms.libraryStaysIn(library, rooms);
        rule.check(OURS);
        assertBroken(rule, "io.weir.reconcile", "class Wrong { " + one + " library; }");
    }

    /** Outside of {@code app} there are two exceptions, which are real time and real threads in all they do; the kit is a tool of tests. */
    @Test
    void clocks_and_threads_are_made_in_app_and_handed_in() {
        ArchRule rule = Rooms.clocksAndThreadsAreMadeIn(
                "io.weir.app..",
                "io.weir.kit..",
                "io.weir.service", // ScaledClock, which is the clock: its factories begin at the real one
                "io.weir.service.server.."); // sockets, their time-outs and the threads that serve them

        rule.check(OURS);
        assertBroken(rule, "io.weir.reconcile", "class Wrong { Object a = java.time.Clock.systemUTC(); }");
        assertBroken(
                rule, "io.weir.reconcile", "class Wrong { java.util.function.LongSupplier a = System::nanoTime; }");
        assertBroken(rule, "io.weir.store", "class Wrong { Object a = java.time.Instant.now(); }");
        assertBroken(rule, "io.weir.guard", "class Wrong { Object a = new Thread(() -> {}); }");
        assertBroken(rule, "io.weir.guard", "class Wrong { Object a = Thread.ofVirtual(); }");
        assertBroken(
                rule,
                "io.weir.simulated",
                "class Wrong { Object a = java.util.concurrent.Executors.newCachedThreadPool(); }");
        assertBroken(
                rule,
                "io.weir.http",
                "class Wrong { Object a = java.util.concurrent.CompletableFuture.runAsync(() -> {}); }");
    }

    @Test
    void dice_are_made_in_app_and_handed_in() {
        ArchRule rule = Rooms.diceAreMadeIn(
                "io.weir.app..",
                "io.weir.kit..",
                "io.weir.certs..", // keys and serial numbers must not be repeatable
                "io.weir.service.error.."); // the id of an error decides nothing

        rule.check(OURS);
        assertBroken(rule, "io.weir.store", "class Wrong { Object a = new java.security.SecureRandom(); }");
        assertBroken(rule, "io.weir.reconcile", "class Wrong { Object a = java.util.UUID.randomUUID(); }");
        assertBroken(
                rule,
                "io.weir.simulated",
                "class Wrong { Object a = java.util.concurrent.ThreadLocalRandom.current(); }");
        assertBroken(rule, "io.weir.guard", "class Wrong { java.util.function.DoubleSupplier a = Math::random; }");
    }

    /** The kit calls drivers because trying them is what it is for. */
    @Test
    void the_loop_and_what_guards_it_are_alone_in_calling_a_driver() {
        ArchRule rule = Rooms.driversAreCalledBy("io.weir.reconcile..", "io.weir.guard..", "io.weir.kit..");

        rule.check(OURS);
        assertBroken(
                rule,
                "io.weir.http",
                "class Wrong { Object a(io.weir.driver.CloudDriver of) throws Exception { return of.terminate(java.util.Set.of()); } }");
        assertBroken(
                rule,
                "io.weir.app",
                "class Wrong { java.util.function.Supplier<Object> a(io.weir.simulated.SimulatedDriver of) { return of::promises; } }");
    }

    @Test
    void the_simulated_driver_keeps_to_its_cloud() {
        ArchRule rule = Rooms.driverRoom("io.weir.simulated..", "com.sun.net.httpserver..");

        rule.check(OURS);
        assertBroken(rule, "io.weir.simulated", "class Wrong { io.weir.store.Store store; }");
        assertBroken(rule, "io.weir.simulated", "class Wrong { io.weir.plan.Planner planner; }");
        assertBroken(rule, "io.weir.http", "class Wrong { com.sun.net.httpserver.HttpServer server; }");
    }

    @Test
    void every_driver_and_every_decorator_keeps_the_contract() {
        Rooms.everyDriverIsTried(TESTS).check(OURS);

        JavaClasses without = new ClassFileImporter()
                .withImportOption(Predefined.ONLY_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("BoundedDriverTest"))
                .importPackages("io.weir");
        assertThat(violations(Rooms.everyDriverIsTried(without), OURS))
                .singleElement()
                .asString()
                .contains("BoundedDriver");
    }

    private void assertBroken(ArchRule rule, String room, String wrong) {
        assertThat(violations(rule, compiled(room, wrong)))
                .as(wrong + " in " + room)
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation).contains(room + ".Wrong"));
    }

    private static List<String> violations(ArchRule rule, JavaClasses of) {
        return rule.allowEmptyShould(true).evaluate(of).getFailureReport().getDetails();
    }

    /** Compiles classes, each after the name of its package, and reads them. */
    private JavaClasses compiled(String... packagesAndClasses) {
        try {
            Path sources = Files.createTempDirectory(folder, "source");
            Path classes = Files.createTempDirectory(folder, "class");
            List<Path> files = new ArrayList<>();
            for (int i = 0; i < packagesAndClasses.length; i += 2) {
                String text = packagesAndClasses[i + 1];
                String name = text.replaceFirst(".*?class (\\w+).*", "$1");
                Path file = Files.createDirectories(sources.resolve(String.valueOf(i)))
                        .resolve(name + ".java");
                files.add(Files.writeString(file, "package " + packagesAndClasses[i] + "; " + text));
            }
            List<String> options = List.of("-proc:none", "-d", classes.toString());
            assertThat(JAVAC.getTask(null, LIBRARIES, null, options, null, LIBRARIES.getJavaFileObjectsFromPaths(files))
                            .call())
                    .as("javac of " + List.of(packagesAndClasses))
                    .isTrue();
            return new ClassFileImporter().importPath(classes);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
