package io.weir.certs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Writes the files of the authority.
 *
 * <ol>
 *   <li>A file is written beside its place, flushed to the disk and then put there in one step: a reader sees the old
 *       one, none, or the whole new one.
 *   <li>It has its mode (0600 for a secret) from the moment it exists.
 *   <li>A file that exists is replaced only where the caller says so.
 * </ol>
 */
final class KeptFiles {
    private static final String SECRET = "rw-------";
    private static final String OPEN = "rw-r--r--";

    private KeptFiles() {}

    static void secret(Path file, byte[] content, boolean replace) {
        write(file, content, SECRET, replace);
    }

    static void open(Path file, byte[] content, boolean replace) {
        write(file, content, OPEN, replace);
    }

    static void directory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new CertsProblem(directory + " is a file: a directory is due here", e);
        } catch (IOException e) {
            throw new CertsProblem("the directory " + directory + " cannot be made: " + reason(e), e);
        }
    }

    private static void write(Path file, byte[] content, String mode, boolean replace) {
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            try {
                fill(fresh, content, mode);
                if (replace) {
                    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                } else {
                    Files.createLink(file, fresh);
                }
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CertsProblem(file + " exists already, and is left as it is", e);
        } catch (IOException e) {
            throw new CertsProblem(file + " cannot be written: " + reason(e), e);
        }
    }

    private static void fill(Path file, byte[] content, String mode) throws IOException {
        boolean posix = Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, attributes)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException of && of.getReason() != null) {
            return of.getReason();
        }
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }
}
