package io.weir.gce.compute;

import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.Metadata;
import com.google.cloud.compute.v1.NetworkInterface;
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
import java.util.stream.IntStream;

/** Batches with parameters frozen by hand. */
final class TestBatches {
    static final PoolName POOL = new PoolName("web");
    static final StoreId STORE = new StoreId("k3j2h1g0");
    static final BatchId ID = new BatchId("web-k3j2h1g0-2f");
    static final String ZONE = "us-central1-a";
    static final Choice CHOICE = new Choice(ZONE, "e2-small", Market.ON_DEMAND, Optional.empty());
    static final String SECRET = "#cloud-config sesame-4711";

    private TestBatches() {}

    static Batch batch(int size) {
        return batch(
                IntStream.range(0, size).mapToObj(i -> MachineName.of(ID, i)).toList(), CHOICE, frozen("blue"));
    }

    static Batch batch(List<MachineName> names, Choice choice, LaunchParameters frozen) {
        return new Batch(
                ID,
                POOL,
                choice,
                frozen.frozen(),
                names,
                Marks.first(POOL, STORE),
                GceMachines.PROVIDER,
                "us-central1");
    }

    /** As {@link #frozen}, with other user data. */
    static LaunchParameters launchedWith(String userData) {
        return new LaunchParameters(
                Optional.empty(),
                frozen("blue").instance().toBuilder()
                        .setMetadata(Metadata.newBuilder()
                                .addItems(Items.newBuilder().setKey("user-data").setValue(userData)))
                        .build());
    }

    static LaunchParameters frozen(String colour) {
        return new LaunchParameters(
                Optional.empty(),
                Instance.newBuilder()
                        .putLabels("colour", colour)
                        .addDisks(disk("projects/weir-example/global/images/web", true)
                                .setBoot(true))
                        .addDisks(disk("", true).setDeviceName("data-1"))
                        .addDisks(disk("", false).setDeviceName("data-2"))
                        .addNetworkInterfaces(NetworkInterface.newBuilder()
                                .setNetwork("projects/weir-example/global/networks/default"))
                        .setMetadata(Metadata.newBuilder()
                                .addItems(Items.newBuilder().setKey("user-data").setValue(SECRET)))
                        .build());
    }

    private static AttachedDisk.Builder disk(String image, boolean autoDelete) {
        AttachedDiskInitializeParams.Builder made = AttachedDiskInitializeParams.newBuilder()
                .setDiskType("pd-balanced")
                .setDiskSizeGb(20);
        if (!image.isEmpty()) {
            made.setSourceImage(image);
        }
        return AttachedDisk.newBuilder().setAutoDelete(autoDelete).setInitializeParams(made);
    }
}
