package io.weir.journal;

import io.weir.journal.Replay.UnreadableLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replay of some files of one pool found. It ends at the first line that differs or cannot be read.
 *
 * @param turns read
 * @param plans made again and the same
 * @param torn files whose last line has no end: a writer was killed in it, or is still writing; it is left out
 */
public record Replayed(
        int files,
        long turns,
        long plans,
        Optional<Instant> from,
        Optional<Instant> to,
        List<Path> torn,
        Optional<Fault> fault) {
    private static final int BUFFER = 1 << 16;

    /**
     * A line that is not what it should be.
     *
     * @param number the first one is 1
     * @param difference empty: it cannot be read
     * @param text what is wrong with it, where it cannot be read
     */
    public record Fault(Path file, long number, Optional<Difference> difference, String text) {}

    /** The files below a journal's folder, by pool. */
    public static SortedMap<String, List<Path>> pools(Path journal) throws IOException {
        SortedMap<String, List<Path>> pools = new TreeMap<>();
        for (Path pool : JournalFile.pools(journal)) {
            List<Path> files =
                    JournalFile.in(pool).stream().map(JournalFile::path).toList();
            if (!files.isEmpty()) {
                pools.put(String.valueOf(pool.getFileName()), files);
            }
        }
        return pools;
    }

    public static Replayed of(List<Path> files) throws IOException {
        var reading = new Reading();
        for (Path file : files) {
            if (reading.fault.isPresent()) {
                break;
            }
            reading.file(file);
        }
        return new Replayed(
                reading.files,
                reading.turns,
                reading.plans,
                reading.from,
                reading.to,
                List.copyOf(reading.torn),
                reading.fault);
    }

    private static final class Reading {
        private int files;
        private long turns;
        private long plans;
        private Optional<Instant> from = Optional.empty();
        private Optional<Instant> to = Optional.empty();
        private final List<Path> torn = new ArrayList<>();
        private Optional<Fault> fault = Optional.empty();

        void file(Path file) throws IOException {
            Replay replay = new Replay();
            try (InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[BUFFER];
                var line = new ByteArrayOutputStream();
                long number = 0;
                for (int read = in.read(buffer); read >= 0 && fault.isEmpty(); read = in.read(buffer)) {
                    int begin = 0;
                    for (int i = 0; i < read && fault.isEmpty(); i++) {
                        if (buffer[i] == '\n') {
                            line.write(buffer, begin, i - begin);
                            begin = i + 1;
                            number++;
                            fault = next(replay, file, number, line.toString(StandardCharsets.UTF_8));
                            line.reset();
                        }
                    }
                    line.write(buffer, begin, read - begin);
                }
                if (line.size() > 0 && fault.isEmpty()) {
                    torn.add(file);
                }
            } catch (NoSuchFileException dropped) {
                return; // by an adapter that is running: it was too old
            }
            files++;
            turns += replay.turns();
            plans += replay.plans();
            to = replay.last().or(() -> to);
        }

        private Optional<Fault> next(Replay replay, Path file, long number, String line) {
            try {
                Optional<Fault> found =
                        replay.next(line).map(difference -> new Fault(file, number, Optional.of(difference), ""));
                from = from.or(replay::last);
                return found;
            } catch (UnreadableLine unreadable) {
                return Optional.of(new Fault(file, number, Optional.empty(), String.valueOf(unreadable.getMessage())));
            }
        }
    }
}
