package io.weir.autoscaler.demo;

import java.io.PrintStream;
import java.time.LocalTime;

/**
 * Where the demo shows itself. On a terminal the last row moves until it is due; elsewhere only what stays is printed, without
 * colours, a line at a time.
 */
public final class Screen {
    private static final String AGAIN = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final LiveTable table;
    private boolean open;

    public Screen(PrintStream out, boolean terminal, LiveTable table) {
        this.out = out;
        this.terminal = terminal;
        this.table = table;
    }

    public void say(String text) {
        print(text);
    }

    void begin() {
        print("");
        print(table.head());
    }

    void happened(LocalTime time, String text) {
        print(table.happening(time, text));
    }

    /** @param stays whether this row is kept, or is overwritten by the next */
    void row(LiveTable.Row row, boolean stays) {
        if (stays) {
            print(table.row(row));
        } else if (terminal) {
            out.print(AGAIN + table.row(row));
            out.flush();
            open = true;
        }
    }

    private void print(String line) {
        out.println(open ? AGAIN + line : line);
        out.flush();
        open = false;
    }
}
