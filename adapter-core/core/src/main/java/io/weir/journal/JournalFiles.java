package io.weir.journal;

import io.weir.pool.PoolName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journals of an adapter's pools as files.
 *
 * <ol>
 *   <li>A pool has a folder. Each of its files begins with a full line and holds at most an hour, so that any of them can be
 *       dropped; a process begins a new one, so that a line torn by its end is the last of a file.
 *   <li>A line is handed to the system before the turn acts, and not forced to the disk: what a killed process wrote is there,
 *       what a machine without power wrote may not be.
 *   <li>What is too old goes, then the oldest while all together are too many bytes. This is looked at every few minutes, and
 *       whenever a sixteenth of the bytes were written since.
 *   <li>What cannot be written is told once, counted, and tried again a minute later, with a full line. The pool goes on.
 * </ol>
 */
public final class JournalFiles {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);
    /** A file has at most this part of all bytes, unless it is little more than a full line. */
    private static final int PARTS = 64;
    /** Bytes are dropped down to this much less than may be, so that what is written until the next look has room. */
    private static final int SPARE = 16;

    private static final Duration LOOK = Duration.ofMinutes(5);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Path folder;
    private final Bounds bounds;
    private final LongAdder written = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private Instant looked = Instant.MIN;
    private long writtenThen;

    /** @param folder made when it is needed; only this user may read it, since documents may hold secrets */
    public JournalFiles(Path folder, Bounds bounds) {
        this.folder = folder;
        this.bounds = bounds;
    }

    /** The journal of a pool, for one process and one thread. */
    public Journal of(PoolName pool) {
        return bounds.bytes() == 0 ? Journal.NONE : new OfPool(pool);
    }

    /** Bytes written since the start. */
    public long written() {
        return written.sum();
    }

    /** Turns that could not be written since the start. */
    public long failures() {
        return failures.sum();
    }

    private final class OfPool implements Journal {
        private final PoolName pool;
        private final Path place;
        private JournalLines lines = new JournalLines();
        private @Nullable JournalFile open;
        private long size;
        private long most;
        private Instant retry = Instant.MIN;
        private String problem = "";

        OfPool(PoolName pool) {
            this.pool = pool;
            this.place = folder.resolve(pool.value());
        }

        @Override
        public synchronized void write(Entry entry) {
            Instant now = entry.planning()
                    .map(Considering::at)
                    .or(() -> entry.settling().map(Settling::at))
                    .orElse(Instant.EPOCH);
            Duration wait = Duration.between(now, retry);
            if (wait.isPositive() && wait.compareTo(RETRY) <= 0) { // longer: the clock was set back
                failures.increment();
                return;
            }
            try {
                put(entry, now);
                if (!problem.isEmpty()) {
                    LOG.info("{}: turns are written into the journal again", pool);
                    problem = "";
                }
            } catch (IOException | RuntimeException failed) {
                failures.increment();
                open = null;
                retry = now.plus(RETRY);
                if (problem.isEmpty()) {
                    problem = failed.toString();
                    LOG.warn("{}: turns cannot be written into the journal, and go on without: {}", pool, problem);
                }
            }
        }

        private void put(Entry entry, Instant now) throws IOException {
            look(now);
            JournalFile file = open;
            if (file == null || size > most || isOver(file, now)) {
                begin(entry, now);
                return;
            }
            try {
                append(file.path(), lines.next(entry), StandardOpenOption.APPEND);
            } catch (NoSuchFileException dropped) {
                begin(entry, now);
            }
        }

        private boolean isOver(JournalFile file, Instant now) {
            return !now.isBefore(file.begun().plus(JournalFile.SPAN)) || now.isBefore(file.begun());
        }

        private void begin(Entry entry, Instant now) throws IOException {
            open = null;
            makeFolder(place);
            List<JournalFile> known = JournalFile.in(place);
            long number = known.isEmpty() ? 1 : known.getLast().number() + 1;
            JournalFile file = JournalFile.next(place, number, now);
            lines = new JournalLines();
            String line = lines.next(entry);
            size = 0;
            try {
                append(file.path(), line, StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException others) {
                throw others;
            } catch (IOException failed) {
                Files.deleteIfExists(file.path());
                throw failed;
            }
            most = Math.max(bounds.bytes() / PARTS, 2 * size);
            open = file;
        }

        private void append(Path file, String line, StandardOpenOption how) throws IOException {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, bytes, StandardOpenOption.WRITE, how);
            size += bytes.length;
            written.add(bytes.length);
        }
    }

    private static void makeFolder(Path place) throws IOException {
        boolean posix = place.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mine = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(place, mine);
    }

    /** Drops what is too old or too much, if it was not looked at lately. */
    private synchronized void look(Instant now) throws IOException {
        boolean lately = !now.isBefore(looked) && now.isBefore(looked.plus(LOOK));
        if (lately && written() - writtenThen < bounds.bytes() / SPARE) {
            return;
        }
        looked = now;
        writtenThen = written();
        List<Sized> files = new ArrayList<>();
        for (Path pool : JournalFile.pools(folder)) {
            for (JournalFile file : JournalFile.in(pool)) {
                sized(file).ifPresent(files::add);
            }
        }
        files.sort(Comparator.comparing((Sized one) -> one.file().begun())
                .thenComparing(one -> one.file().number()));
        long bytes = files.stream().mapToLong(Sized::bytes).sum();
        Instant oldest = now.minus(bounds.age()).minus(JournalFile.SPAN);
        for (Sized one : files) {
            if (one.file().begun().isBefore(oldest) || bytes > bounds.bytes() - bounds.bytes() / SPARE) {
                Files.deleteIfExists(one.file().path());
                bytes -= one.bytes();
            }
        }
    }

    private record Sized(JournalFile file, long bytes) {}

    private static Optional<Sized> sized(JournalFile file) throws IOException {
        try {
            return Optional.of(new Sized(file, Files.size(file.path())));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
