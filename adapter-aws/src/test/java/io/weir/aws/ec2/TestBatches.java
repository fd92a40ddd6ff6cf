package io.weir.aws.ec2;

import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.Choice;
import io.weir.pool.MachineName;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import io.weir.pool.StoreId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Batches with parameters frozen by hand. */
final class TestBatches {
    static final PoolName POOL = new PoolName("web");
    static final StoreId STORE = new StoreId("k3j2h1g0");
    static final BatchId ID = new BatchId("web-k3j2h1g0-2f");
    static final Choice CHOICE = new Choice("eu-north-1a", "t3.small", Market.ON_DEMAND, Optional.empty());

    private TestBatches() {}

    static Batch batch(int size) {
        return batch(
                ID,
                IntStream.range(0, size).mapToObj(i -> MachineName.of(ID, i)).toList());
    }

    static Batch batch(BatchId id, List<MachineName> names) {
        return batch(id, names, CHOICE, frozen(Optional.empty()));
    }

    static Batch batch(BatchId id, List<MachineName> names, Choice choice, LaunchParameters frozen) {
        return new Batch(
                id,
                POOL,
                choice,
                frozen.frozen(),
                names,
                Marks.first(POOL, STORE),
                Ec2Machines.provider(choice.market()),
                "eu-north-1");
    }

    static LaunchParameters frozen(Optional<String> userData) {
        TreeMap<String, String> subnets = new TreeMap<>();
        subnets.put("eu-north-1a", "subnet-0aaaaaaaaaaaaaaaa");
        subnets.put("eu-north-1b", "subnet-0bbbbbbbbbbbbbbbb");
        TreeMap<String, String> tags = new TreeMap<>();
        tags.put("owner", "anna");
        return new LaunchParameters(
                "ami-0123456789abcdef0",
                subnets,
                true,
                List.of("sg-0123456789abcdef0"),
                false,
                null,
                null,
                "required",
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                "terminate",
                null,
                userData.orElse(null),
                tags);
    }
}
