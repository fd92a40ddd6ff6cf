package io.weir.app.pool;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows under a head, each column as wide as its widest cell; numbers stand right. What would move a terminal is a blank. */
final class Table {
    private Table() {}

    static List<String> lines(List<String> head, List<List<String>> rows) {
        List<List<String>> all = Stream.concat(Stream.of(head), rows.stream())
                .map(row -> row.stream().map(Table::plain).toList())
                .toList();
        int[] widths = IntStream.range(0, head.size())
                .map(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        boolean[] numbers = new boolean[head.size()];
        for (int column = 0; column < numbers.length; column++) {
            int at = column;
            numbers[column] =
                    !rows.isEmpty() && rows.stream().allMatch(row -> row.get(at).matches("-|[0-9]+"));
        }
        return all.stream().map(row -> line(row, widths, numbers)).toList();
    }

    static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String line(List<String> row, int[] widths, boolean[] numbers) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> {
                    String gap = " ".repeat(widths[column] - row.get(column).length());
                    return numbers[column] ? gap + row.get(column) : row.get(column) + gap;
                })
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }
}
