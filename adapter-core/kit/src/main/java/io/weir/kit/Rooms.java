package io.weir.kit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.weir.driver.CloudDriver;
import java.lang.reflect.Method;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Scanner;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TimeZone;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The walls between rooms, as ArchUnit rules that a module holds its own classes against: our core does, and so may a driver that
 * lives elsewhere. Packages are written as ArchUnit writes them: {@code io.weir.pool..} is one with all below it.
 *
 * <pre>{@code
 * JavaClasses ours = new ClassFileImporter().withImportOption(DO_NOT_INCLUDE_TESTS).importPackages("org.example.cloud");
 * JavaClasses tests = new ClassFileImporter().withImportOption(ONLY_INCLUDE_TESTS).importPackages("org.example.cloud");
 * Rooms.driverRoom("org.example.cloud.driver..", "com.vendor.sdk..").check(ours);
 * Rooms.everyDriverIsTried(tests).check(ours);
 * }</pre>
 *
 * <p>Method references count as calls. What ArchUnit cannot see, no rule here finds: reflection, and the order in which a hash table
 * gives its keys.
 */
public final class Rooms {
    /** What a value may be made of. */
    private static final List<String> VALUES = List.of(
            "java.lang",
            "java.math",
            "java.time..",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "org.jspecify.annotations");

    /** What is no value, though it lives beside them: the process, its threads, its clocks and its dice. */
    private static final List<Class<?>> NO_VALUES = List.of(
            System.class,
            Runtime.class,
            Process.class,
            ProcessBuilder.class,
            ProcessHandle.class,
            ClassLoader.class,
            Thread.class,
            ThreadLocal.class,
            Timer.class,
            InstantSource.class,
            RandomGenerator.class,
            Scanner.class,
            ServiceLoader.class,
            ResourceBundle.class);

    /** Calls of a class or of what extends it; names are regular expressions, and {@code <init>} is a constructor. */
    private record Calls(Class<?> owner, String names, int parameters) {
        private static final int ANY = -1;

        Calls(Class<?> owner, String names) {
            this(owner, names, ANY);
        }

        boolean include(JavaAccess<?> access) {
            return access.getTargetOwner().isAssignableTo(owner)
                    && access.getName().matches(names)
                    && (parameters == ANY
                            || (access.getTarget() instanceof CodeUnitAccessTarget call
                                    && call.getRawParameterTypes().size() == parameters));
        }
    }

    private static final List<Calls> TIME = List.of(
            new Calls(TemporalAccessor.class, "now"),
            new Calls(ZoneId.class, "systemDefault"),
            new Calls(InstantSource.class, "system.*|tick.*"),
            new Calls(System.class, "nanoTime|currentTimeMillis"),
            new Calls(Date.class, "<init>", 0));

    private static final List<Calls> DICE = List.of(
            new Calls(RandomGenerator.class, "<init>|of|getDefault|current|getInstance.*"),
            new Calls(Math.class, "random"),
            new Calls(StrictMath.class, "random"),
            new Calls(UUID.class, "randomUUID"),
            new Calls(Collections.class, "shuffle"));

    private static final List<Calls> THREADS = List.of(
            new Calls(Thread.class, "<init>|ofVirtual|ofPlatform|startVirtualThread"),
            new Calls(Timer.class, "<init>"),
            new Calls(Executors.class, "new.*"),
            new Calls(AbstractExecutorService.class, "<init>"),
            new Calls(ForkJoinPool.class, "commonPool"),
            new Calls(CompletableFuture.class, "supplyAsync|runAsync"),
            new Calls(Collection.class, "parallelStream"),
            new Calls(BaseStream.class, "parallel"));

    /** What reads otherwise on a machine with another language. */
    private static final List<Calls> LANGUAGE = List.of(
            new Calls(Locale.class, "getDefault"),
            new Calls(TimeZone.class, "getDefault"),
            new Calls(String.class, "format", 2),
            new Calls(String.class, "formatted"),
            new Calls(String.class, "toLowerCase|toUpperCase", 0));

    private Rooms() {}

    /**
     * A room of values in, values out.
     *
     * <ol>
     *   <li>It knows values of the language, itself and the rooms named: no I/O, no logger, no framework.
     *   <li>It has no clock, no thread and no dice, and asks nothing of the process or of the machine's language.
     *   <li>It remembers nothing: its static fields are final.
     * </ol>
     */
    public static ArchRule pure(String room, String... others) {
        String[] known = Stream.of(List.of(room), List.of(others), VALUES)
                .flatMap(Collection::stream)
                .toArray(String[]::new);
        ArchRule knows = classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(known))
                .because("it is values in, values out");
        ArchRule asks = noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(anyOf(NO_VALUES))
                .orShould()
                .accessTargetWhere(
                        among("ask the time, the dice, threads or the machine", TIME, DICE, THREADS, LANGUAGE))
                .because("the same arguments make the same result again: in a test, in a replay, on every machine");
        ArchRule remembers = fields().that()
                .areDeclaredInClassesThat(resideInAPackage(room))
                .and()
                .areStatic()
                .should()
                .beFinal()
                .because("what it remembers would be an argument that nobody sees")
                .allowEmptyShould(true);
        return CompositeArchRule.of(List.of(knows, asks, remembers));
    }

    /** Clocks and threads are made in these rooms and handed in everywhere else; nobody else asks for the real time either. */
    public static ArchRule clocksAndThreadsAreMadeIn(String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .accessTargetWhere(among("make a clock or a thread, or ask for the real time", TIME, THREADS))
                .because("a test turns the clock, and one place says what runs");
    }

    /** What is random is made in these rooms and handed in everywhere else. */
    public static ArchRule diceAreMadeIn(String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .accessTargetWhere(among("make or throw dice", DICE))
                .because("a seed repeats a run");
    }

    /** A library is known in these rooms alone. */
    public static ArchRule libraryStaysIn(String library, String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because("a library that is known in one place can be replaced there");
    }

    /** A driver knows the words of one cloud and decides nothing; the libraries of that cloud are known nowhere else. */
    public static ArchRule driverRoom(String room, String... libraries) {
        ArchRule knows = noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(resideInAPackage("io.weir..")
                        .and(resideOutsideOfPackages(
                                room, "io.weir.pool..", "io.weir.driver..", "io.weir.cloud..", "io.weir.service..")))
                .because("a driver translates: it knows no other cloud, no plan, no loop, no store and no door");
        Stream<ArchRule> stay = Arrays.stream(libraries).map(library -> libraryStaysIn(library, room));
        return CompositeArchRule.of(Stream.concat(Stream.of(knows), stay).toList());
    }

    /** The cloud is spoken to by these rooms alone. A driver may call itself. */
    public static ArchRule driversAreCalledBy(String... rooms) {
        Set<String> calls = Arrays.stream(CloudDriver.class.getMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .accessTargetWhere(describe(
                        "call a driver",
                        access -> access.getTargetOwner().isAssignableTo(CloudDriver.class)
                                && calls.contains(access.getName())
                                && !access.getOriginOwner().equals(access.getTargetOwner())))
                .because(
                        "an effect has an intent on disk before it, a gate in front of it, and an outcome that is learned");
    }

    /** Every driver, and whatever stands in front of one, is made by a test that extends {@link CloudDriverContract}, or by its target. */
    public static ArchRule everyDriverIsTried(JavaClasses tests) {
        Set<String> tried = madeByContracts(tests);
        return classes()
                .that()
                .areAssignableTo(CloudDriver.class)
                .and(describe("can be made", one -> !one.getModifiers().contains(JavaModifier.ABSTRACT)))
                .should(new ArchCondition<JavaClass>("be made by a test that extends CloudDriverContract") {
                    @Override
                    public void check(JavaClass driver, ConditionEvents events) {
                        boolean made = tried.contains(driver.getName());
                        String text = driver.getDescription() + " is made by " + (made ? "" : "no ") + "such a test";
                        events.add(new SimpleConditionEvent(driver, made, text));
                    }
                })
                .because("the loop relies on the whole contract, whatever stands between it and the cloud");
    }

    /** What contract tests construct, themselves or through other test classes that they know. */
    private static Set<String> madeByContracts(JavaClasses tests) {
        Deque<JavaClass> next = tests.stream()
                .filter(one -> one.isAssignableTo(CloudDriverContract.class))
                .filter(one -> !one.getModifiers().contains(JavaModifier.ABSTRACT))
                .collect(Collectors.toCollection(ArrayDeque::new));
        Set<JavaClass> seen = new HashSet<>(next);
        Set<String> made = new HashSet<>();
        while (!next.isEmpty()) {
            JavaClass test = next.remove();
            Stream.concat(test.getConstructorCallsFromSelf().stream(), test.getConstructorReferencesFromSelf().stream())
                    .forEach(access -> made.add(access.getTargetOwner().getName()));
            test.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .filter(known -> tests.contain(known.getName()) && seen.add(known))
                    .forEach(next::add);
        }
        return made;
    }

    private static DescribedPredicate<JavaClass> anyOf(List<Class<?>> some) {
        return describe("belong to the process, its threads, its clocks or its dice", known -> some.stream()
                .anyMatch(known::isAssignableTo));
    }

    @SafeVarargs
    private static DescribedPredicate<JavaAccess<?>> among(String description, List<Calls>... lists) {
        Predicate<JavaAccess<?>> included =
                access -> Arrays.stream(lists).flatMap(List::stream).anyMatch(calls -> calls.include(access));
        return describe(description, included);
    }
}
