package io.weir.autoscaler.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ShownTest {
    private static final Instant ZERO = Instant.parse("2026-11-24T10:00:00Z");
    private static final LiveTable.Row ROW =
            new LiveTable.Row(LocalTime.of(15, 4), 2345.6, 16, 20, 12, 3, "load 2345 ÷ 120 per machine = 20");

    @Test
    void a_row_is_numbers_and_a_bar() {
        LiveTable plain = new LiveTable(20, 120, false, false);
        assertThat(plain.head())
                .isEqualTo(" time     load needed desired running pending  #running +pending |needed  last reason");
        assertThat(plain.row(ROW))
                .isEqualTo(
                        "15:04     2346     16      20      12       3  ############+++ |      load 2345 ÷ 120 per machine = 20");
        assertThat(plain.happening(LocalTime.of(1, 2), "a zone")).isEqualTo("01:02 -- a zone");
    }

    @Test
    void blocks_are_for_those_who_can_show_them() {
        assertThat(new LiveTable(20, 120, false, true).row(ROW)).contains("████████████▒▒▒ |    ");
    }

    @Test
    void colours_change_nothing_but_the_colour() {
        LiveTable coloured = new LiveTable(20, 120, true, true);
        assertThat(coloured.row(ROW).replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(new LiveTable(20, 120, false, true).row(ROW));
        assertThat(coloured.row(ROW)).contains("\u001b[1;31m|");
    }

    @Test
    void a_large_pool_shares_a_cell() {
        LiveTable table = new LiveTable(440, 138, false, false);
        assertThat(table.row(new LiveTable.Row(LocalTime.NOON, 1, 400, 400, 200, 100, "")))
                .contains(" " + "#".repeat(20) + "+".repeat(10) + " ".repeat(10) + "|");
    }

    @Test
    void a_line_is_no_wider_than_it_may_be() {
        for (int width = 70; width < 200; width++) {
            LiveTable table = new LiveTable(42, width, false, true);
            assertThat(table.row(new LiveTable.Row(LocalTime.NOON, 99_999, 42, 42, 42, 42, "why ".repeat(100))))
                    .hasSizeLessThanOrEqualTo(width);
        }
    }

    private static String screen(boolean terminal) {
        var bytes = new ByteArrayOutputStream();
        var screen = new Screen(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                terminal,
                new LiveTable(20, 120, terminal, false));
        screen.begin();
        screen.row(ROW, true);
        screen.row(ROW, false);
        screen.happened(LocalTime.NOON, "a machine dies");
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void without_a_terminal_there_are_only_whole_plain_lines() {
        assertThat(screen(false)).doesNotContain("\u001b", "\r");
        assertThat(screen(false).lines()).hasSize(4);
    }

    @Test
    void on_a_terminal_the_last_row_moves() {
        assertThat(screen(true)).contains("\r\u001b[K").endsWith("a machine dies\u001b[0m" + System.lineSeparator());
    }

    @Test
    void the_page_is_whole_and_shows_every_line_and_mark() throws Exception {
        int[] needed = {1, 2, 2, 1};
        Map<Instant, Integer> wishes = Map.of(ZERO.minusSeconds(60), 1, ZERO.plusSeconds(50), 2);
        LedgerReport report = new LedgerReport(
                List.of(
                        new LedgerRow("a", "i-1", "default", "zone-a", ZERO.minusSeconds(60), ZERO, null, null, null),
                        new LedgerRow(
                                "b",
                                "i-2",
                                "default",
                                "zone-a",
                                ZERO.plusSeconds(60),
                                ZERO.plusSeconds(100),
                                ZERO.plusSeconds(200),
                                null,
                                null)),
                new LedgerReport.Asked(
                        "default",
                        ZERO.plusSeconds(240),
                        new Span(ZERO, ZERO.plusSeconds(240)),
                        needed,
                        Steps.of(wishes),
                        Steps.NONE,
                        List.of(),
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        Set.of("i-1")));
        String svg = Plot.of(
                report,
                new double[] {50, 150, 190, 40},
                Steps.of(wishes),
                List.of(
                        new Happening(ZERO.plusSeconds(30), Happening.Kind.MACHINE, "one"),
                        new Happening(ZERO.plusSeconds(90), Happening.Kind.ADAPTER, "two <&>")),
                Instant.parse("1998-05-21T15:00:00Z"));

        Document picture =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(picture.getElementsByTagName("g").getLength()).isEqualTo(2);
        assertThat(svg).contains("class=\"alive\"", "class=\"working\"", "class=\"needed\"", "class=\"desired\"");
        assertThat(svg).contains(">15:00</text>").doesNotContain("NaN", "Infinity");

        String page = ReportPage.of(
                "title",
                "about <it>",
                svg,
                Summary.of(report),
                List.of(new ReportPage.Row("15:00", "one"), new ReportPage.Row("15:01", "two <&>")),
                List.of("curl 'a&b'"),
                List.of("a note"));
        assertThat(page).contains("two &lt;&amp;&gt;", "curl 'a&amp;b'", "about &lt;it&gt;", "<h2>To try</h2>");
        assertThat(page).doesNotContain("class=\"bad\"");
    }
}
