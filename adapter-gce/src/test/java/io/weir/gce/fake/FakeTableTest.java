package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what the fake does and what that stands on: it is counted, its recordings are there, and so are its methods. */
class FakeTableTest {
    private static final Path PAGE = Path.of("..", "docs", "clouds", "gce-fake.md");
    private static final Path RECORDINGS = Path.of("src", "test", "resources", "recordings");
    private static final Pattern RECORDING = Pattern.compile("`((?:c7n|libcloud)_\\w+)`");
    private static final Pattern METHOD = Pattern.compile("`([a-z]\\w+\\.[a-z]\\w+)`");
    private static final String NOTHING = "**nothing**";

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static List<String> rows() throws IOException {
        String page = page();
        String table = page.substring(
                page.indexOf("## What each behaviour stands on"), page.indexOf("## What it does not have"));
        return table.lines().filter(line -> line.startsWith("|")).toList();
    }

    @Test
    void what_stands_on_nothing_is_counted_as_the_page_says_and_shown() throws IOException {
        List<String> rows = rows();
        int nothing = rows.stream()
                .mapToInt(row -> row.split(Pattern.quote(NOTHING), -1).length - 1)
                .sum();

        System.out.println("the fake Compute's table: " + (rows.size() - 2)
                + " rows; rows and parts of rows that stand on nothing: " + nothing);
        rows.stream().filter(row -> row.contains(NOTHING)).forEach(row -> System.out.println("  " + row));
        assertThat(page()).contains("Rows and parts of rows that stand on nothing: " + nothing + ".");
    }

    @Test
    void every_recording_that_it_names_is_there() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String row : rows()) {
            Matcher recording = RECORDING.matcher(row);
            while (recording.find()) {
                named.add(recording.group(1));
            }
        }
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(file -> file.endsWith(".json"))
                            .map(file -> file.replace(".json", ""))
                            .collect(Collectors.toSet()))
                    .containsAll(named);
        }
    }

    @Test
    void it_names_every_method_that_the_fake_has_and_no_other() throws IOException {
        String page = page();
        String methods = page.substring(page.indexOf("It has these methods"), page.indexOf("| dial |"));
        Set<String> named = new TreeSet<>();
        Matcher method = METHOD.matcher(methods);
        while (method.find()) {
            named.add(method.group(1));
        }

        assertThat(named)
                .isEqualTo(new ComputeCloud(Clock.systemUTC(), 1, ExampleProject.PLAIN, GceDials.DEFAULT).methods());
    }
}
