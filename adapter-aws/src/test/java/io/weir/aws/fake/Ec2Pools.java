package io.weir.aws.fake;

import io.weir.aws.Aws;
import io.weir.aws.ec2.Ec2;
import io.weir.cloud.Elastisys;
import io.weir.guard.PacedDriver;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.kit.VirtualPools;
import io.weir.kit.VirtualPools.Way;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import java.util.Random;

/** Pools over the fake in virtual time: the real driver inside EC2's rates, and the real SDK over the wire. */
final class Ec2Pools implements AutoCloseable {
    static final PoolName POOL = VirtualPools.name(0);

    final HandClock clock = new HandClock(Bench.START);
    final FakeEc2 fake = FakeEc2.start(clock);
    final VirtualPools pools;
    private final Ec2 ec2;

    /**
     * What this account can launch in its three zones, as fast as a pool's paces may be.
     *
     * @param launch the pace of launches
     */
    static PoolDocument document(int max, String launch) {
        return PoolText.read(new Aws(), """
                max: %d
                image: %s
                machineTypes: [t3.micro]
                pace:
                  wish: {count: 20, percent: 50}
                  launch: %s
                """.formatted(max, ExampleRegion.IMAGE, launch));
    }

    Ec2Pools(int count, PoolDocument document) {
        this(count, document, Elastisys.NONE);
    }

    Ec2Pools(int count, PoolDocument document, Elastisys takeOver) {
        ec2 = Bench.door(fake.url(), clock, Access.WEIR.key(), Access.WEIR.secret(), takeOver);
        pools = new VirtualPools(count, document, clock, this::way, fake.cloud()::ledger);
        fake.watch(new Door.Watch() {
            @Override
            public void arrived(int number, String action) throws Silence {
                if (!pools.arrives(number)) {
                    throw new Silence("its process is dead");
                }
            }

            @Override
            public void carriedOut(int number, String action) {
                pools.carriedOut(number);
            }
        });
    }

    private Way way() {
        ec2.catalogs().forget();
        return new Way(new PacedDriver(ec2.driver(), Ec2.RATES, clock, new Random(1)));
    }

    @Override
    public void close() {
        ec2.close();
        fake.close();
    }
}
