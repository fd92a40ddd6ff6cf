package io.weir.simulated;

import io.weir.pool.BatchId;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What this cloud shows of a machine → the pool's fact of it. What is not written as Weir writes it is left out. */
final class SimulatedMachines {
    static final String PROVIDER = "Simulated";

    private SimulatedMachines() {}

    static CloudMachine cloudMachine(Machine machine, String region) {
        Optional<PoolName> pool =
                Optional.ofNullable(machine.pool).filter(PoolName::isLegal).map(PoolName::new);
        return new CloudMachine(
                new MachineId(machine.id),
                Optional.of(machine.name).filter(MachineName::isLegal).map(MachineName::new),
                pool,
                Optional.ofNullable(machine.tags.get(Marks.MARKS_TAG)).flatMap(value -> Marks.decode(pool, value)),
                Optional.of(machine.batch)
                        .filter(id -> !id.isEmpty() && id.length() <= 64)
                        .map(BatchId::new),
                machine.state,
                new Choice(machine.zone, machine.type, market(machine.market), Optional.empty()),
                PROVIDER,
                region,
                Optional.of(machine.requestTime),
                Optional.ofNullable(machine.launchTime),
                machine.publicIps,
                machine.privateIps,
                metadata(machine));
    }

    private static Market market(String text) {
        return text.equals("SPOT") ? Market.SPOT : Market.ON_DEMAND;
    }

    /** {@code image}, {@code type}, {@code zone}, {@code market}, and {@code tag.*} for each tag. */
    private static Map<String, String> metadata(Machine machine) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("image", machine.image);
        metadata.put("type", machine.type);
        metadata.put("zone", machine.zone);
        metadata.put("market", machine.market);
        machine.tags.forEach((key, value) -> metadata.put("tag." + key, value));
        return Map.copyOf(metadata);
    }
}
