package io.weir.app.bench;

import io.weir.plan.Plan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir bench planner}: how long the pure part of a turn takes. */
@Command(
        name = "planner",
        mixinStandardHelpOptions = true,
        description = {
            "Measures settling and planning in this program, for pools of several sizes.",
            "Prints figures and asserts none. With the defaults it takes a minute and a",
            "half. It writes no file and calls nobody."
        },
        footer = {
            "",
            "settle: a complete listing meets the memory.",
            "plan, nothing to do: every machine runs, as many as are wished.",
            "plan, grow: one machine in a hundred is missing.",
            "plan, shrink: one machine in a hundred is too many."
        })
final class PlannerCommand implements Callable<Integer> {
    private static final int LEAST_ROUNDS = 10;
    private static final double NANO = 1e-9;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--machines",
            paramLabel = "N",
            split = ",",
            defaultValue = "1000,10000,100000",
            description = "The sizes of the pools (default: ${DEFAULT-VALUE}).")
    private List<Integer> machines = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How long each is repeated, after as long to warm up (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Override
    public Integer call() {
        if (!(seconds > 0 && seconds <= 600)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be above 0 and at most 600, not " + seconds);
        }
        for (int size : machines) {
            if (size < 1 || size > PlannerBench.MOST) {
                throw new ParameterException(
                        spec.commandLine(), "--machines must be from 1 to " + PlannerBench.MOST + ", not " + size);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        Figures figures = new Figures();
        for (int size : machines) {
            PlannerBench pool = new PlannerBench(size);
            row(figures, size, "settle", pool::settle);
            row(figures, size, "plan, nothing to do", pool::planNothing);
            row(figures, size, "plan, grow", pool::planGrowth);
            row(figures, size, "plan, shrink", pool::planShrinking);
        }
        out.println(figures.table());
        out.println(figures.machine());
        out.flush();
        return 0;
    }

    private void row(Figures figures, int size, String what, Supplier<Object> work) {
        String name = String.format(Locale.ROOT, "%,7d machines: %s", size, what);
        spec.commandLine().getErr().println("weir: " + name.strip());
        repeat(work);
        figures.row(name, Figures::time, repeat(work));
    }

    private List<Double> repeat(Supplier<Object> work) {
        long end =
                System.nanoTime() + Duration.ofMillis((long) (seconds * 1000)).toNanos();
        List<Double> times = new ArrayList<>();
        while (times.size() < LEAST_ROUNDS || System.nanoTime() < end) {
            long began = System.nanoTime();
            Object result = work.get();
            times.add((System.nanoTime() - began) * NANO);
            if (result instanceof Plan plan && plan.reason().isEmpty()) {
                throw new IllegalStateException("a plan without a reason"); // looked at, so that it is really made
            }
        }
        return times;
    }
}
