package io.weir.gce.fake;

import io.weir.gce.Gce;
import io.weir.gce.compute.Compute;
import io.weir.gce.compute.TakeOver;
import io.weir.guard.PacedDriver;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.kit.VirtualPools;
import io.weir.kit.VirtualPools.Way;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Pools over the fake in virtual time: the real driver inside Compute's rates, and Google's client over the wire. */
final class GcePools implements AutoCloseable {
    static final PoolName POOL = VirtualPools.name(0);

    final HandClock clock = new HandClock(Bench.START);
    final FakeGce fake =
            FakeGce.start(clock, GceDials.DEFAULT.turned(turn -> turn.throttle = Map.of("*", GceDials.USUAL)));
    final VirtualPools pools;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Compute compute;

    /**
     * What this project can launch in its three zones, as fast as a pool's paces may be.
     *
     * @param launch the pace of launches
     */
    static PoolDocument document(int max, String launch) {
        return PoolText.read(new Gce(), """
                max: %d
                image: %s
                machineTypes: [e2-small]
                pace:
                  wish: {count: 20, percent: 50}
                  launch: %s
                """.formatted(max, ExampleProject.IMAGE, launch));
    }

    GcePools(int count, PoolDocument document) {
        this(count, document, TakeOver.NONE);
    }

    GcePools(int count, PoolDocument document, TakeOver takeOver) {
        compute = Bench.door(
                new Compute.Settings(Bench.login(fake.url()), Compute.LAG, Compute.LATENESS, Compute.AT_ONCE, takeOver),
                clock,
                threads);
        pools = new VirtualPools(count, document, clock, this::way, fake.cloud()::ledger);
        fake.watch(new Door.Watch() {
            @Override
            public void arrived(int number, String method) throws Silence {
                if (!pools.arrives(number)) {
                    throw new Silence("its process is dead");
                }
            }

            @Override
            public void carriedOut(int number, String method) {
                pools.carriedOut(number);
            }
        });
    }

    private Way way() {
        compute.catalogs().forget();
        return new Way(new PacedDriver(compute.driver(), Compute.RATES, clock, new Random(1)), compute.leftovers());
    }

    @Override
    public void close() {
        compute.close();
        fake.close();
        threads.close();
    }
}
