package io.weir.cloud;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One call for each of several things, side by side: never more at once than the connection allows, whichever pool asks. Who is
 * interrupted begins no other one.
 */
public final class SideBySide {
    private final ExecutorService threads;
    private final Semaphore places;

    public SideBySide(ExecutorService threads, int atOnce) {
        this.threads = threads;
        this.places = new Semaphore(atOnce, true);
    }

    /** @param broken what a call that threw an unchecked exception comes to: it takes no other call's answer along */
    public <K, R> Map<K, R> each(Collection<K> keys, Function<K, R> call, BiFunction<K, RuntimeException, R> broken)
            throws InterruptedException {
        Map<K, Future<R>> begun = new LinkedHashMap<>();
        try {
            for (K key : keys) {
                begun.put(key, threads.submit(() -> inPlace(key, call, broken)));
            }
            Map<K, R> results = new LinkedHashMap<>();
            for (Map.Entry<K, Future<R>> one : begun.entrySet()) {
                results.put(one.getKey(), one.getValue().get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a call was not made", failed.getCause());
        } finally {
            List<Future<R>> left = new ArrayList<>(begun.values());
            left.forEach(call0 -> call0.cancel(true));
        }
    }

    private <K, R> R inPlace(K key, Function<K, R> call, BiFunction<K, RuntimeException, R> broken)
            throws InterruptedException {
        places.acquire();
        try {
            return call.apply(key);
        } catch (RuntimeException bug) {
            return broken.apply(key, bug);
        } finally {
            places.release();
        }
    }
}
