package io.weir.kit;

import io.weir.pool.MachineId;
import io.weir.pool.Member;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.store.JdbcStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** How long a save takes, to the disk: {@code StoreBench [folder]}. Prints a line for each kind of save. */
final class StoreBench {
    private static final PoolName POOL = new PoolName("bench");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final int MEMBERS = 1_000;
    private static final int WARM = 200;
    private static final int ROUNDS = 500;

    private final JdbcStore store;
    private final RandomStates random = new RandomStates(new Random(1));
    private PoolState state;

    private StoreBench(JdbcStore store) {
        this.store = store;
        var edit = new PoolEdit(PoolStates.fresh(POOL, store.id(), PoolDocument.of(0, MEMBERS, 0), NOON), NOON);
        for (int i = 0; i < MEMBERS; i++) {
            edit.members.put(new MachineId("i-" + i), random.member());
        }
        state = edit.state();
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("weir-bench");
        try (JdbcStore store = JdbcStore.open(folder.resolve("store.db"), new Random(1))) {
            new StoreBench(store).run();
        }
    }

    private void run() {
        long began = System.nanoTime();
        store.save(Optional.empty(), state, List.of());
        System.out.printf("save of a new pool of %d members: %.1f ms%n", MEMBERS, millis(System.nanoTime() - began));
        time("save of one changed member of " + MEMBERS, 1);
        time("save of 50 changed members of " + MEMBERS, 50);
        time("save of all " + MEMBERS + " members changed", MEMBERS);
        began = System.nanoTime();
        store.load();
        System.out.printf("load: %.1f ms%n", millis(System.nanoTime() - began));
    }

    private void time(String what, int members) {
        List<Long> nanos = new ArrayList<>();
        int rounds = members == MEMBERS ? ROUNDS / 10 : ROUNDS;
        for (int round = -WARM; round < rounds; round++) {
            var edit = new PoolEdit(state, NOON);
            edit.members.all().stream().limit(members).forEach(one -> edit.members.put(one.id(), changed(one)));
            PoolState after = edit.state();
            long began = System.nanoTime();
            store.save(Optional.of(state), after, List.of());
            if (round >= 0) {
                nanos.add(System.nanoTime() - began);
            }
            state = after;
        }
        Collections.sort(nanos);
        System.out.printf(
                "%s: median %.3f ms, p99 %.3f ms%n",
                what, millis(nanos.get(nanos.size() / 2)), millis(nanos.get(nanos.size() * 99 / 100)));
    }

    private static Member changed(Member member) {
        return member.duplicate(!member.duplicate());
    }

    private static double millis(long nanos) {
        return nanos / (double) Duration.ofMillis(1).toNanos();
    }
}
