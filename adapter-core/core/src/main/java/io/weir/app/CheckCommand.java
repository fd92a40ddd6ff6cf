package io.weir.app;

import io.weir.cloud.Check;
import io.weir.cloud.Cloud;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code weir check}: whether an adapter with this configuration could run its pools, as a table. It changes nothing, neither in the
 * cloud nor in the home, and may be asked beside a running adapter. It ends with 0 if nothing is bad, else with 1.
 */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Says whether an adapter with this configuration could run its pools, and what to do if not.",
            "Changes nothing. Ends with 0 if nothing is bad."
        })
final class CheckCommand implements Callable<Integer> {
    private static final Pattern CLOUD = Pattern.compile("cloud: *\"?([a-z]+).*");
    private static final int RESULT = 8;

    private final String name;
    private final Function<Path, Cloud> clouds;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "CLOUD",
            description = "Which cloud the file is for, unless it begins with cloud: CLOUD.")
    private @Nullable String asked;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The adapter's YAML file.")
    private Path config = Path.of("weir.yml");

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "The adapter's home (default: .weir beside the launcher).")
    private Path home = Home.standard();

    /**
     * @param name of the cloud that is checked here
     * @param clouds the cloud as an adapter of this home sees it
     */
    CheckCommand(String name, Function<Path, Cloud> clouds) {
        this.name = name;
        this.clouds = clouds;
    }

    @Override
    public Integer call() {
        Logs.configure(LogFormat.TEXT, LogLevel.ERROR);
        String cloud = Optional.ofNullable(asked)
                .or(this::ofFile)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "say which cloud: begin " + config + " with \"cloud: CLOUD\", or say it as the first word"));
        if (!cloud.equals(name)) {
            throw new ParameterException(
                    spec.commandLine(), "there is no check of \"" + cloud + "\" here, but of " + name);
        }
        Path there = home.toAbsolutePath().normalize();
        List<Check> checks = new AdapterChecks(clouds.apply(there), config, there, Clock.systemUTC()).all();
        PrintWriter out = spec.commandLine().getOut();
        lines(checks).forEach(out::println);
        long bad = checks.stream()
                .filter(check -> check.result() == Check.Result.BAD)
                .count();
        out.println();
        out.println(bad == 0 ? "Its pools could run." : "Its pools could not run: " + bad + " bad.");
        out.flush();
        return bad == 0 ? 0 : 1;
    }

    private Optional<String> ofFile() {
        try (Stream<String> lines = Files.lines(config)) {
            return lines.map(CLOUD::matcher)
                    .filter(Matcher::matches)
                    .map(found -> found.group(1))
                    .findFirst();
        } catch (IOException | UncheckedIOException unreadable) {
            throw new ParameterException(spec.commandLine(), "--config: " + config + " cannot be read", unreadable);
        }
    }

    /** What there is to do stands below what was found. */
    private static List<String> lines(List<Check> checks) {
        int width =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        String below = " ".repeat(RESULT + width + 4);
        Stream<String> head =
                Stream.of("result" + " ".repeat(RESULT - 4) + "check" + " ".repeat(Math.max(2, width - 3)) + "found");
        return Stream.concat(head, checks.stream().flatMap(check -> {
                    String result = check.result() == Check.Result.BAD
                            ? "BAD"
                            : check.result().name().toLowerCase(Locale.ROOT);
                    String first = result
                            + " ".repeat(RESULT + 2 - result.length())
                            + check.name()
                            + " ".repeat(width + 2 - check.name().length())
                            + check.text().strip().replace("\n", "\n" + below);
                    return check.remedy().isEmpty()
                            ? Stream.of(first)
                            : Stream.of(
                                    first, below + "→ " + check.remedy().strip().replace("\n", "\n" + below + "  "));
                }))
                .toList();
    }
}
