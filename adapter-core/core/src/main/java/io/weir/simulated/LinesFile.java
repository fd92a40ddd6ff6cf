package io.weir.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes as lines of JSON, only ever appended.
 *
 * <ol>
 *   <li>What was appended is on the disk when {@link #flush} returns.
 *   <li>A last line that is torn belongs to a change that nobody was told of: it is cut off. A line before it that cannot be read is
 *       damage, and the file is refused.
 *   <li>After a write that failed nothing more is written: what the file holds is then unknown until it is read again.
 * </ol>
 */
public class LinesFile<E> implements AutoCloseable {
    private final FileChannel channel;
    private final List<E> history;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean broken;

    /** Opens the file, or makes it. */
    public LinesFile(Path file, Class<E> type) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            history = read(channel, file, type);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What the file held when it was opened. */
    public final List<E> history() {
        return history;
    }

    private static <E> List<E> read(FileChannel channel, Path file, Class<E> type) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until all is read
        }
        byte[] bytes = buffer.array();
        List<E> events = new ArrayList<>();
        int begin = 0;
        for (int end = next(bytes, 0); end >= 0; end = next(bytes, begin)) {
            String line = new String(bytes, begin, end - begin, UTF_8);
            try {
                events.add(CloudJson.STRICT.readValue(line, type));
            } catch (JsonProcessingException damaged) {
                if (next(bytes, end + 1) < 0) {
                    break;
                }
                throw new IOException(file + ": line " + (events.size() + 1) + " cannot be read", damaged);
            }
            begin = end + 1;
        }
        channel.truncate(begin);
        channel.position(begin);
        return events;
    }

    private static int next(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    public final void append(E event) {
        try {
            pending.writeBytes(CloudJson.STRICT.writeValueAsBytes(event));
            pending.write('\n');
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    public final void flush() {
        if (broken) {
            throw new UncheckedIOException(new IOException("the ledger could not be written before"));
        }
        if (pending.size() == 0) {
            return;
        }
        broken = true;
        try {
            ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger cannot be written", e);
        }
        pending.reset();
        broken = false;
    }

    @Override
    public final void close() throws IOException {
        channel.close();
    }
}
