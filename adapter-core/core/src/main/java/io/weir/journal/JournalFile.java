package io.weir.journal;

import io.weir.pool.PoolName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the journal, {@code <pool>/<number>-<time>.jsonl}: the turns of at most an hour, which can be read without any other.
 *
 * @param number in the order in which a pool's files were begun, whatever its clock said
 * @param begun to the second
 */
record JournalFile(Path path, long number, Instant begun) {
    /** A full line is written at least this often. */
    static final Duration SPAN = Duration.ofHours(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("(\\d{6,18})-(\\d{8}T\\d{6}Z)\\.jsonl");

    static JournalFile next(Path folder, long number, Instant now) {
        Instant begun = now.truncatedTo(ChronoUnit.SECONDS);
        String text = Long.toString(number);
        String padded = "0".repeat(Math.max(0, 6 - text.length())) + text;
        return new JournalFile(folder.resolve(padded + "-" + TIME.format(begun) + ".jsonl"), number, begun);
    }

    static Optional<JournalFile> of(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                ? Optional.of(
                        new JournalFile(path, Long.parseLong(name.group(1)), TIME.parse(name.group(2), Instant::from)))
                : Optional.empty();
    }

    /** A pool's files in their order; none where there is no such folder. */
    static List<JournalFile> in(Path folder) throws IOException {
        List<JournalFile> files = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "*.jsonl")) {
            paths.forEach(path -> of(path).ifPresent(files::add));
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        files.sort(Comparator.comparing(JournalFile::number));
        return files;
    }

    /** The folders of the pools. */
    static List<Path> pools(Path journal) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> paths =
                Files.newDirectoryStream(journal, path -> PoolName.isLegal(String.valueOf(path.getFileName())))) {
            paths.forEach(folders::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        folders.sort(Comparator.naturalOrder());
        return folders;
    }
}
