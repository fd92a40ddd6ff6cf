package io.weir.app;

import io.weir.journal.Difference;
import io.weir.journal.Replayed;
import io.weir.journal.Replayed.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir replay}: makes the plans of a journal again and compares. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Makes every plan of a turn journal again, from what went into it, and compares to the last byte.",
            "Calls no cloud, writes nothing, and may run beside the adapter."
        },
        footer = {
            "",
            "Exit codes: 0 all are identical, 1 one differs or cannot be read (the first is shown), 2 wrongly called."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int MOST_FIELDS = 20;
    private static final int LONGEST = 300;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "The home whose journal is read (default: .weir beside the launcher).")
    private Path home = Home.standard();

    @Option(names = "--pool", paramLabel = "NAME", description = "Only this pool (default: all of them).")
    private @Nullable String pool;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Files of one pool's journal, in their order, instead of a home.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        try {
            SortedMap<String, List<Path>> pools = pools();
            boolean same = true;
            for (String name : pools.keySet()) {
                same &= show(name, Replayed.of(pools.getOrDefault(name, List.of())));
            }
            return same ? 0 : 1;
        } catch (IOException failed) {
            spec.commandLine().getErr().println("weir: the journal cannot be read: " + failed);
            return 1;
        } catch (Missing missing) {
            spec.commandLine().getErr().println("weir: " + missing.getMessage());
            return 1;
        }
    }

    private SortedMap<String, List<Path>> pools() throws IOException {
        if (!files.isEmpty()) {
            for (Path file : files) {
                if (!Files.isRegularFile(file)) {
                    throw new Missing(file + " is no file");
                }
            }
            return new TreeMap<>(java.util.Map.of(String.valueOf(files.getFirst()), files));
        }
        Path journal = home.resolve("journal");
        SortedMap<String, List<Path>> pools = Replayed.pools(journal);
        String wanted = pool;
        if (wanted != null) {
            pools.keySet().retainAll(List.of(wanted));
        }
        if (pools.isEmpty()) {
            throw new Missing("there is no journal" + (wanted == null ? "" : " of " + wanted) + " in " + journal);
        }
        return pools;
    }

    private boolean show(String name, Replayed replayed) {
        PrintWriter out = spec.commandLine().getOut();
        long differ = replayed.fault().flatMap(Fault::difference).isPresent() ? 1 : 0;
        out.printf(
                Locale.ROOT,
                "%s: %,d turns read with %,d plans, %,d identical, %,d differing (%,d files%s)%n",
                name,
                replayed.turns(),
                replayed.plans(),
                replayed.plans() - differ,
                differ,
                replayed.files(),
                replayed.from()
                        .map(from -> ", " + from + " to " + replayed.to().orElse(from))
                        .orElse(""));
        replayed.torn().forEach(file -> out.println("  the last line of " + file + " has no end, and was left out"));
        replayed.fault().ifPresent(fault -> show(out, fault));
        out.flush();
        return replayed.fault().isEmpty();
    }

    private static void show(PrintWriter out, Fault fault) {
        String where = fault.file() + ", line " + fault.number();
        if (fault.difference().isEmpty()) {
            out.println("  " + where + " cannot be read: " + shortened(fault.text()));
            return;
        }
        Difference difference = fault.difference().get();
        out.println("  " + where + ", of " + difference.at() + ":");
        difference.fields().stream().limit(MOST_FIELDS).forEach(field -> {
            out.println("    " + field.path());
            out.println("      journal  " + shortened(field.then()));
            out.println("      replay   " + shortened(field.now()));
        });
        if (difference.isHashAlone()) {
            out.println(
                    "    The plan is the same. What else the turn changed of the pool is not, or an input was changed in the file.");
        }
        int more = difference.fields().size() - MOST_FIELDS;
        if (more > 0) {
            out.println("    and " + more + " more");
        }
        out.println("  What follows was not replayed: it went on from what the journal has here.");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String text) {
            super(text);
        }
    }
}
