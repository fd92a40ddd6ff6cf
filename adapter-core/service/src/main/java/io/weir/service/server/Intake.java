package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Takes in the body of one request.
 *
 * <ol>
 *   <li>A body announced or grown larger than its limit is 413, as soon as that is known.
 *   <li>The first byte is due within {@link #PATIENCE_MILLIS} ms, and from then on {@value #BYTES_PER_SECOND} bytes a second on
 *       average; a body that comes more slowly is 408 and the connection ends with the answer.
 *   <li>The thread that waits is a virtual one: a slow body holds some memory, and nothing that others need.
 * </ol>
 */
final class Intake {
    static final long PATIENCE_MILLIS = 2_000;
    static final int BYTES_PER_SECOND = 4_096;

    private final Exchange exchange;
    private final int limit;
    private final long begun = System.nanoTime();
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    Intake(Exchange exchange, int limit) {
        this.exchange = exchange;
        this.limit = limit;
    }

    byte[] body() {
        if (!exchange.announcesBody()) {
            return new byte[0];
        }
        if (exchange.getLength() > limit) {
            throw tooLarge();
        }
        exchange.beginBody();
        while (!chunk()) {
            awaitMore();
        }
        return taken.toByteArray();
    }

    /** Takes what is there; true at the end of the body. */
    private boolean chunk() {
        for (Content.Chunk chunk = exchange.read(); chunk != null; chunk = exchange.read()) {
            if (Content.Chunk.isFailure(chunk)) {
                exchange.breakOff();
                throw new ApiException(ErrorCode.INVALID_INPUT, "the body could not be read to its end")
                        .withHeader("Connection", "close")
                        .because(chunk.getFailure());
            }
            take(chunk);
            if (chunk.isLast()) {
                return true;
            }
        }
        return false;
    }

    private void take(Content.Chunk chunk) {
        try {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.getByteBuffer().get(bytes);
            if (taken.size() + bytes.length > limit) {
                throw tooLarge();
            }
            taken.writeBytes(bytes);
        } finally {
            chunk.release();
        }
    }

    private void awaitMore() {
        var more = new Semaphore(0);
        exchange.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, more::release));
        long due = PATIENCE_MILLIS * 1_000_000 + taken.size() * 1_000_000_000L / BYTES_PER_SECOND;
        try {
            if (!more.tryAcquire(begun + due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw tooSlow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooSlow();
        }
    }

    private ApiException tooSlow() {
        exchange.breakOff();
        return new ApiException(
                        ErrorCode.TOO_SLOW,
                        "the body came too slowly",
                        "the first byte is due within " + PATIENCE_MILLIS / 1000 + " s, then " + BYTES_PER_SECOND
                                + " bytes a second")
                .withHeader("Connection", "close");
    }

    private ApiException tooLarge() {
        return new ApiException(ErrorCode.PAYLOAD_TOO_LARGE, "the body is larger than " + limit / 1024 + " KiB", "");
    }
}
