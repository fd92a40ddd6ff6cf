package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/metrics.md} says of an adapter, held against one that runs. */
@Timeout(120)
class MetricsPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(weir_[a-z_]+)` \\| ([a-z]+) \\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^# TYPE (weir_[a-z_]+) ([a-z]+)$", Pattern.MULTILINE);
    private static final Pattern SAMPLE = Pattern.compile("^(weir_[a-z_]+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Path DOCS = Path.of("../../docs");

    @TempDir
    private Path folder;

    /** Name, type and labels of each row below these headings. */
    private static SortedSet<String> documented(String... headings) throws IOException {
        SortedSet<String> rows = new TreeSet<>();
        for (String section : Files.readString(DOCS.resolve("metrics.md")).split("\n## ")) {
            if (Arrays.stream(headings).anyMatch(heading -> section.startsWith(heading + "\n"))) {
                ROW.matcher(section)
                        .results()
                        .forEach(row -> rows.add(row.group(1) + " " + row.group(2) + " "
                                + new TreeSet<>(Pattern.compile("[a-z_]+")
                                        .matcher(row.group(3))
                                        .results()
                                        .map(MatchResult::group)
                                        .toList())));
            }
        }
        return rows;
    }

    /** The same of a page of Prometheus' text format. */
    static SortedSet<String> scraped(String page) {
        TreeMap<String, SortedSet<String>> labels = new TreeMap<>();
        SAMPLE.matcher(page).results().forEach(sample -> labels.computeIfAbsent(
                        sample.group(1), name -> new TreeSet<>())
                .addAll(LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .toList()));
        return TYPE.matcher(page)
                .results()
                .map(type -> type.group(1) + " " + type.group(2) + " "
                        + labels.get(type.group(2).equals("histogram") ? type.group(1) + "_bucket" : type.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void the_page_and_an_adapter_name_the_same_metrics() throws Exception {
        Path config = Files.writeString(folder.resolve("weir.yml"), """
                listen: {port: 0}
                management: {port: 0}
                watch: {interval: 1s, busy: 200ms}
                connections:
                  default: {region: north, limits: {launch: {perSecond: 1, burst: 10}}}
                pools:
                  web:
                    max: 3
                    size: 1
                    connectionPolicy: public # the machines have no such address: nobody is called
                    health: {probe: {tcp: {port: 80}}, interval: 1s, timeout: 1s}
                """);
        try (Running adapter = Running.of(
                Elsewhere.class, folder.resolve("home"), "adapter", "elsewhere", "--config", config.toString())) {
            adapter.line();
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            adapter.get("/pools/web/pool/size").path("active").asInt() == 1);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> adapter.management("/metrics").body().contains("weir_health_probes_total{"));
            assertThat(adapter.call("operator", "POST", "/pools/web/freeze", "{\"reason\": \"to see a guard\"}")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(scraped(adapter.management("/metrics").body()))
                    .isEqualTo(documented("Both services", "The adapter"));
        }
    }

    /** A metric that has nothing to say in the tests would not be missed there. */
    @Test
    void every_name_in_the_sources_is_on_the_page() throws IOException {
        String page = Files.readString(DOCS.resolve("metrics.md"));
        SortedSet<String> names = new TreeSet<>();
        for (Path sources : sources()) {
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Pattern.compile("[\" ](weir_[a-z_]+[a-z])[\" ]")
                            .matcher(Files.readString(file))
                            .results()
                            .forEach(name -> names.add(name.group(1)));
                }
            }
        }

        assertThat(names).hasSizeGreaterThan(30).allSatisfy(name -> assertThat(page)
                .contains("| `" + name + "` |"));
    }

    /** Of every module that is there. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path modules : List.of(Path.of("../.."), Path.of(".."))) {
            try (Stream<Path> all = Files.list(modules)) {
                all.map(module -> module.resolve("src/main/java"))
                        .filter(Files::isDirectory)
                        .forEach(sources::add);
            }
        }
        return sources;
    }

    @Test
    void alerts_watch_what_there_is_and_each_is_explained() throws IOException {
        String alerts = Files.readString(DOCS.resolve("deploy").resolve("weir-alerts.yml"));
        String page = Files.readString(DOCS.resolve("metrics.md"));
        SortedSet<String> known = documented("Both services", "The adapter", "The autoscaler").stream()
                .map(row -> row.substring(0, row.indexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(Pattern.compile("weir_[a-z_]+").matcher(alerts).results().map(MatchResult::group))
                .isNotEmpty()
                .isSubsetOf(known);
        assertThat(Pattern.compile("alert: (\\w+)")
                        .matcher(alerts)
                        .results()
                        .map(alert -> "| `" + alert.group(1) + "` |"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(page).contains(row));
    }
}
