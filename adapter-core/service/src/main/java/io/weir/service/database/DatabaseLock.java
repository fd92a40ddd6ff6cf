package io.weir.service.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a database for one process. The operating system holds the lock and lets go of it when the process ends, however it ends; the
 * lock's file stays beside the database and tells the holder's process id.
 */
final class DatabaseLock implements AutoCloseable {
    private static final int DIGITS = 20;

    /** Closing any channel on a file drops this process's lock on it, so what is held here must not even be opened again. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path beside;
    private final FileChannel channel;

    private DatabaseLock(Path beside, FileChannel channel) {
        this.beside = beside;
        this.channel = channel;
    }

    /** @throws DatabaseProblem somebody holds it */
    static DatabaseLock of(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.resolveSibling("."));
        Path beside = absolute.resolveSibling(".").toRealPath().resolve(file.getFileName() + ".lock");
        if (!HELD.add(beside)) {
            throw inUse(file, "this process itself");
        }
        try {
            return new DatabaseLock(beside, locked(file, beside));
        } catch (IOException | RuntimeException e) {
            HELD.remove(beside);
            throw e;
        }
    }

    private static FileChannel locked(Path file, Path beside) throws IOException {
        FileChannel channel =
                FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(file, holder(channel));
            }
            channel.truncate(0);
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(DIGITS);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "another process" : "process " + pid;
    }

    private static DatabaseProblem inUse(Path file, String holder) {
        return new DatabaseProblem(
                DatabaseProblem.Kind.IN_USE,
                "the database " + file + " is in use by " + holder + "; end that one first, or use another home");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(beside);
        }
    }
}
