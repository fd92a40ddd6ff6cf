package io.weir.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/**
 * A folder to measure in, and what was started there. All of it is gone when this is closed, and also when this program is told to
 * end (Ctrl-C, SIGTERM): from then on nothing can be started.
 */
final class Scratch implements AutoCloseable {
    private final Path folder;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Thread hook = Thread.ofPlatform().unstarted(this::clear);
    private boolean closed;

    Scratch() throws IOException {
        folder = Files.createTempDirectory("weir-bench");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    interface Start<T extends AutoCloseable> {
        T begin(Path home) throws IOException;
    }

    /** A new folder in it. */
    synchronized Path home(String name) throws IOException {
        return Files.createTempDirectory(folder, name);
    }

    /** Starts something that is closed with this, at the latest. */
    synchronized <T extends AutoCloseable> T start(Path home, Start<T> start) throws IOException {
        if (closed) {
            throw new IllegalStateException("it is ending");
        }
        T one = start.begin(home);
        started.push(one);
        return one;
    }

    /** Whether everything was taken away; waits until it is, if that has begun. */
    synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void clear() {
        closed = true;
        started.forEach(one -> {
            try {
                one.close();
            } catch (Exception goesOn) {
                System.err.println("weir: " + goesOn.getMessage());
            }
        });
        started.clear();
        try {
            delete(folder);
        } catch (IOException | UncheckedIOException left) {
            System.err.println("weir: " + folder + " could not be taken away: " + left.getMessage());
        }
    }

    /** A folder and all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            // So be it.
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAnyway) {
            // The hook has nothing left to do.
        }
    }
}
