package io.weir.certs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        description =
                "Shows certificates as a table: whose they are, what they may do, when they end, their SHA-256 fingerprint.")
final class InspectCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private final AuthorityOption authority = new AuthorityOption();

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "PEM files, or directories of them (default: the authority's directory).")
    private List<Path> places = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    InspectCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return CertsCommand.told(spec, this::inspect);
    }

    private int inspect() {
        List<CertificateRow> rows = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : files(problems)) {
            try {
                Pem.certificates(file).forEach(found -> rows.add(CertificateRow.of(file, found, clock.instant())));
            } catch (CertsProblem problem) {
                problems.add(problem.getMessage());
            }
        }
        if (!rows.isEmpty()) {
            CertificateRow.table(rows).forEach(spec.commandLine().getOut()::println);
        }
        problems.forEach(spec.commandLine().getErr()::println);
        return problems.isEmpty() ? 0 : 1;
    }

    private List<Path> files(List<String> problems) {
        List<Path> files = new ArrayList<>();
        for (Path place : places.isEmpty() ? List.of(authority.directory) : places) {
            if (!Files.isDirectory(place)) {
                files.add(place);
                continue;
            }
            List<Path> within = pemFiles(place);
            if (within.isEmpty()) {
                problems.add("there is no .pem file in " + place);
            }
            files.addAll(within);
        }
        return files;
    }

    private static List<Path> pemFiles(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".pem"))
                    .sorted(Comparator.comparing((Path file) -> !file.endsWith(FleetCa.CERTIFICATE))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new CertsProblem(directory + " cannot be listed: " + e.getMessage(), e);
        }
    }
}
