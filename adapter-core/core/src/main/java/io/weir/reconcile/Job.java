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
        /** An attach looks for the machine and then marks it; the rest is for the store. */
        private static final int MOST_CALLS = 3;

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

        /**
         * Waits for the pool's thread to begin it for as long as one call of the cloud may last, else it is withdrawn. What was
         * begun is waited for until it is known: only then can be said whether it will be done or was refused.
         */
        Accepted await(Duration bound) {
            try {
                try {
                    return result.get(bound.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException late) {
                    if (taken.compareAndSet(false, true)) {
                        throw Refusal.cloud(
                                io.weir.pool.FailureKind.UNAVAILABLE,
                                "the pool was busy for " + bound.toSeconds() + " s; nothing was done");
                    }
                    return result.get(bound.toMillis() * MOST_CALLS, TimeUnit.MILLISECONDS);
                }
            } catch (TimeoutException stuck) {
                throw new IllegalStateException("the call did not end within its bounds", stuck);
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
