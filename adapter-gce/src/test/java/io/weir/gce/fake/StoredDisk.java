package io.weir.gce.fake;

import com.google.cloud.compute.v1.Disk;
import io.weir.gce.fake.Change.DiskBirth;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A disk, with the instance that it serves and its end. */
final class StoredDisk {
    final DiskBirth birth;
    final Disk born;
    final LabelHistory labels;

    @Nullable
    String vm;

    private long end;

    StoredDisk(DiskBirth birth) {
        this.birth = birth;
        this.born = Schema.read(birth.json(), Disk.newBuilder()).build();
        this.labels = new LabelHistory(birth.at().toEpochMilli(), birth.labels());
        this.vm = birth.vm();
        this.end = millis(birth.end());
    }

    void change(Change.DiskEnd change) {
        vm = change.vm();
        end = millis(change.end());
    }

    private static long millis(@Nullable Instant at) {
        return at == null ? Vm.NEVER : at.toEpochMilli();
    }

    boolean exists(long at) {
        return birth.at().toEpochMilli() <= at && at < end;
    }

    long end() {
        return end;
    }
}
