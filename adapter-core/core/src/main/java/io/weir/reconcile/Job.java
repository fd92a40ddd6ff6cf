package io.weir.reconcile;

import io.weir.reconcile.Pool.Accepted;
import io.weir.store.Store;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a pool's thread is asked to do between two turns. */
sealed interface Job {
    /** Nothing but the next turn. */
    record Wake() implements Job {}

    /** A call on one machine. It is begun by the pool's thread, or withdrawn by its caller, never both. */
    final class Call implements Job {
        private final Callable<Accepted> command;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final CompletableFuture<Accepted> result = new CompletableFuture<>();

        Call(Callable<Accepted> command) {
            this.command = command;
        }

        void run() {
            if (!taken.compareAndSet(false, true)) {
                return;
            }
            try {
                result.complete(command.call());
            } catch (Exception failed) {
                result.completeExceptionally(failed);
            }
        }

        /** Waits for as long as a call may last. What was begun by then is durable, and goes on. */
        Accepted await(Duration bound) {
            try {
                return result.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                if (taken.compareAndSet(false, true)) {
                    throw Refusal.cloud(
                            io.weir.pool.FailureKind.UNAVAILABLE,
                            "the pool was busy for " + bound.toSeconds() + " s; nothing was done");
                }
                return new Accepted(false, "the cloud has not answered yet");
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof Refusal refusal) {
                    throw refusal;
                }
                if (failed.getCause() instanceof Store.StoreException) {
                    throw Refusal.of(Refusal.Code.STORE, "the store cannot be written");
                }
                throw new IllegalStateException("the call failed inside", failed.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw Refusal.cloud(io.weir.pool.FailureKind.UNAVAILABLE, "the adapter is stopping");
            }
        }
    }
}
