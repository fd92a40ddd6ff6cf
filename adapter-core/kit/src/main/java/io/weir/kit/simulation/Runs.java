package io.weir.kit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many seeds on some threads.
 *
 * @param accused the verdicts that are not clean, the lowest seed first; at most as many as were asked for
 */
public record Runs(long seeds, Duration took, Tally tally, List<Simulation.Verdict> accused) {

    public static Runs of(long first, long count, int threads, int most, InstantSource clock, Mutation mutation)
            throws InterruptedException {
        Instant began = clock.instant();
        AtomicLong next = new AtomicLong(first);
        Tally all = new Tally();
        List<Simulation.Verdict> accused = new ArrayList<>();
        List<Thread> workers = new ArrayList<>();
        AtomicLong done = new AtomicLong();
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(() -> {
                Tally mine = new Tally();
                for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
                    Simulation.Verdict verdict = Simulation.run(seed, mutation, false);
                    mine.add(verdict.tally());
                    done.incrementAndGet();
                    if (!verdict.isClean()) {
                        synchronized (accused) {
                            accused.add(verdict);
                            if (accused.size() >= most) {
                                next.set(first + count);
                            }
                        }
                    }
                }
                synchronized (all) {
                    all.add(mine);
                }
            });
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        accused.sort(Comparator.comparing(Simulation.Verdict::seed));
        return new Runs(done.get(), Duration.between(began, clock.instant()), all, List.copyOf(accused));
    }

    public double seedsPerSecond() {
        return seeds * 1000.0 / Math.max(1, took.toMillis());
    }

    /** Runs seeds from the command line: {@code first count threads}, or {@code trace seed}. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 2 && arguments[0].equals("trace")) {
            System.out.println(Simulation.trace(Long.parseLong(arguments[1])));
            return;
        }
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 0;
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000_000;
        int threads = arguments.length > 2
                ? Integer.parseInt(arguments[2])
                : Runtime.getRuntime().availableProcessors();
        Runs runs = of(first, count, threads, 40, InstantSource.system(), Mutation.NONE);
        System.out.println(runs.tally().table());
        System.out.printf("%,d seeds in %s: %.0f a second%n", runs.seeds(), runs.took(), runs.seedsPerSecond());
        for (Simulation.Verdict verdict : runs.accused()) {
            System.out.println(verdict.scenario() + "\n    " + String.join("\n    ", verdict.accusations()));
        }
        if (!runs.accused().isEmpty()) {
            System.out.println(runs.accused().size() + " seeds are not clean");
            System.exit(1);
        }
    }
}
