package io.weir.openstack.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of what the fake does and where that was seen: it is whole, counted, and its recordings are there. */
class FakeTableTest {
    private static final Path PAGE = Path.of("..", "docs", "clouds", "openstack-fake.md");
    private static final Pattern ROW = Pattern.compile("\\| (.+) \\| (\\w+)(: ([\\w-]+))? \\|");
    private static final List<String> WITNESSES = List.of("recording", "measured", "source", "nothing");

    private record Row(String behaviour, String witness, String file) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("## The table"), page.indexOf("## What it leaves out"));
        for (String line : table.lines().toList()) {
            if (line.startsWith("|") && !line.startsWith("|---") && !line.startsWith("| behaviour ")) {
                Matcher row = ROW.matcher(line);
                assertThat(row.matches()).as(line).isTrue();
                rows.add(new Row(row.group(1), row.group(2), String.valueOf(row.group(4))));
            }
        }
        return rows;
    }

    @Test
    void its_rows_are_counted_as_it_says_and_those_that_nobody_saw_are_shown() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (Row row : rows()) {
            assertThat(WITNESSES).contains(row.witness());
            counts.merge(row.witness(), 1, Integer::sum);
        }
        String said = "Rows: " + rows().size() + "; recording " + counts.get("recording") + ", measured "
                + counts.get("measured") + ", source " + counts.get("source") + ", nothing " + counts.get("nothing")
                + ".";
        System.out.println("the fake OpenStack's table: " + said);
        rows().stream()
                .filter(row -> row.witness().equals("nothing"))
                .forEach(row -> System.out.println("  seen nowhere: " + row.behaviour()));
        assertThat(Files.readString(PAGE)).contains(said);
    }

    @Test
    void every_recording_is_there_and_says_something() throws IOException {
        for (Row row : rows()) {
            if (row.witness().equals("recording")) {
                assertThat(Recordings.read(row.file())).as(row.behaviour()).isNotEmpty();
            }
        }
    }

    @Test
    void every_recording_is_in_it_and_their_number_is_as_it_says() throws IOException {
        List<String> named = rows().stream().map(Row::file).toList();
        int exchanges = 0;
        for (String scenario : Scenario.all().keySet()) {
            assertThat(named).contains(scenario);
            exchanges += Recordings.read(scenario).size();
        }
        assertThat(Files.readString(PAGE))
                .contains(Scenario.all().size() + " scenarios")
                .contains("send " + exchanges + " requests");
    }
}
