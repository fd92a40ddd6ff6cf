package io.weir.simulated;

import java.io.IOException;
import java.nio.file.Path;

/** A cloud's changes on disk. */
public final class LedgerFile extends LinesFile<LedgerEvent> implements CloudJournal {
    private LedgerFile(Path file) throws IOException {
        super(file, LedgerEvent.class);
    }

    public static LedgerFile open(Path file) throws IOException {
        return new LedgerFile(file);
    }
}
