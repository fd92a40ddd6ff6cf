package io.weir.service.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Takes in and forgets what a refused request still sends, after its answer: a client that only reads once it has written would
 * otherwise see a broken connection in place of the answer. At most {@value #MOST} bytes and {@value #SECONDS} s, and no thread
 * waits for them; what comes later breaks the connection.
 */
final class Drain implements Runnable {
    static final int MOST = 2 * 1024 * 1024;
    static final int SECONDS = 5;

    private final Exchange exchange;
    private final Callback after;
    private final AtomicBoolean done = new AtomicBoolean();
    private Scheduler.@Nullable Task alarm;
    private int forgotten;

    private Drain(Exchange exchange, Callback after) {
        this.exchange = exchange;
        this.after = after;
    }

    /** Drains what is left of the body, then completes. */
    static void then(Exchange exchange, Callback after) {
        if (!exchange.announcesBody() || exchange.broken() || exchange.holdsBack()) {
            after.succeeded();
        } else {
            new Drain(exchange, after).run();
        }
    }

    @Override
    public void run() {
        for (Content.Chunk chunk = exchange.read(); chunk != null; chunk = exchange.read()) {
            boolean last = chunk.isLast() || Content.Chunk.isFailure(chunk);
            forgotten += chunk.remaining();
            chunk.release();
            if (last || forgotten > MOST) {
                finish();
                return;
            }
        }
        if (alarm == null) {
            alarm = exchange.getComponents().getScheduler().schedule(this::finish, SECONDS, TimeUnit.SECONDS);
        }
        if (!done.get()) {
            exchange.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this));
        }
    }

    private void finish() {
        if (done.compareAndSet(false, true)) {
            if (alarm != null) {
                alarm.cancel();
            }
            after.succeeded();
        }
    }
}
