package io.weir.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder {@code cloud/} of a home: the ledger, the dials, and a lock, because one cloud lives in it. */
public final class CloudHome implements AutoCloseable {
    private final Path folder;
    private final FileChannel lockFile;
    private final LedgerFile ledger;

    private CloudHome(Path folder, FileChannel lockFile, LedgerFile ledger) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.ledger = ledger;
    }

    /** Another cloud lives here. */
    public static final class Taken extends Exception {
        private static final long serialVersionUID = 1;

        Taken(Path folder) {
            super("a simulated cloud runs on " + folder + " already");
        }
    }

    public static CloudHome open(Path home) throws IOException, Taken {
        Path folder = home.resolve("cloud");
        Files.createDirectories(folder);
        keepToOwner(folder);
        FileChannel lockFile =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock(lockFile) == null) {
                throw new Taken(folder);
            }
            return new CloudHome(folder, lockFile, LedgerFile.open(folder.resolve("ledger.jsonl")));
        } catch (IOException | Taken | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /** Launches carry user data, and that may hold secrets. */
    private static void keepToOwner(Path folder) throws IOException {
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (UnsupportedOperationException notHere) {
            // A file system without owners.
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    public LedgerFile ledger() {
        return ledger;
    }

    /** The dials as they were left; at first the default ones with this seed. */
    public DialsDesk.Setting setting(long firstSeed) throws IOException {
        Path file = folder.resolve("dials.json");
        DialsDesk.Setting setting = new DialsDesk.Setting(firstSeed, Dials.DEFAULT);
        if (!Files.exists(file)) {
            return setting;
        }
        try {
            return DialsDesk.merged(setting, CloudJson.STRICT.readTree(Files.readAllBytes(file)));
        } catch (DialsDesk.BadDials damaged) {
            throw new IOException(file + ": " + damaged.getMessage(), damaged);
        }
    }

    /** Whole or not at all, and on the disk when it returns. */
    public void keep(JsonNode dials) {
        try {
            Path draft = Files.createTempFile(folder, "dials", ".draft");
            Files.write(
                    draft,
                    CloudJson.STRICT.writerWithDefaultPrettyPrinter().writeValueAsBytes(dials),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(
                    draft,
                    folder.resolve("dials.json"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the dials cannot be kept", e);
        }
    }

    @Override
    public void close() throws IOException {
        ledger.close();
        lockFile.close();
    }
}
