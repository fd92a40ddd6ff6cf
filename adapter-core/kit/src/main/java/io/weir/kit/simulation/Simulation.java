package io.weir.kit.simulation;

import io.weir.journal.Journal;
import java.util.List;
import java.util.function.Supplier;

/**
 * One life of a pool from one seed: the production code, a cloud, faults, and a judge. The same seed is the same life, to the
 * last millisecond.
 */
public final class Simulation {
    private Simulation() {}

    /**
     * @param accusations what the judge found; none: the run is clean
     * @param trace what happened, if it was asked for
     */
    public record Verdict(long seed, String scenario, List<String> accusations, Tally tally, List<String> trace) {
        public boolean isClean() {
            return accusations.isEmpty();
        }

        @Override
        public String toString() {
            return scenario + "\n  " + String.join("\n  ", trace) + "\n  ACCUSED: "
                    + String.join("\n  ACCUSED: ", accusations);
        }
    }

    public static Verdict run(long seed) {
        return run(seed, Mutation.NONE, false);
    }

    /** The same with everything that happened. */
    public static Verdict trace(long seed) {
        return run(seed, Mutation.NONE, true);
    }

    /** @param journals gives each process that begins in this life, a restarted one too, the journal of its turns */
    public static Verdict run(long seed, Supplier<Journal> journals) {
        return run(seed, Mutation.NONE, journals, false);
    }

    public static Verdict run(long seed, Mutation mutation, boolean traced) {
        return run(seed, mutation, () -> Journal.NONE, traced);
    }

    private static Verdict run(long seed, Mutation mutation, Supplier<Journal> journals, boolean traced) {
        Scenario scenario = Scenario.of(seed);
        World world = new World(scenario, mutation, journals, traced);
        new Script(world).write();
        try {
            world.run();
            new Judge(world).judge();
        } catch (RuntimeException bug) {
            java.io.StringWriter text = new java.io.StringWriter();
            bug.printStackTrace(new java.io.PrintWriter(text));
            world.accuse("the code failed: " + text);
        }
        if (traced) {
            world.cloud
                    .ledger()
                    .forEach(line -> world.trace.add("ledger  " + line.id() + "  " + line.name() + "  "
                            + line.zone() + "  launched " + VirtualClock.shown(line.launched())
                            + (line.terminating() == null ? "" : ", ending " + VirtualClock.shown(line.terminating()))
                            + (line.ended() == null
                                    ? ""
                                    : ", ended " + VirtualClock.shown(line.ended()) + " " + line.cause())
                            + "  " + line.tags()));
        }
        return new Verdict(seed, scenario.toString(), List.copyOf(world.accusations), world.tally, world.trace);
    }
}
