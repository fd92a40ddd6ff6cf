package io.weir.simulated;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine as this cloud shows it. A class and not a record, because an unchanged machine is shown by the same object again
 * and what a driver makes of it can then be kept with it: a simulation reads its pool tens of thousands of times a second.
 */
public final class Machine {
    @JsonProperty
    public final String id;

    @JsonProperty
    public final String name;

    @JsonProperty
    public final String batch;

    /** The value of the pool tag now. */
    @JsonProperty
    public final @Nullable String pool;

    @JsonProperty
    public final String zone;

    @JsonProperty
    public final String type;

    @JsonProperty
    public final String market;

    @JsonProperty
    public final String image;

    @JsonProperty
    public final MachineState state;

    @JsonProperty
    public final Map<String, String> tags;

    @JsonProperty
    public final List<String> publicIps;

    @JsonProperty
    public final List<String> privateIps;

    @JsonProperty
    public final Instant requestTime;

    @JsonProperty
    public final @Nullable Instant launchTime;

    @JsonIgnore
    private volatile @Nullable CloudMachine seen;

    public Machine(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("batch") String batch,
            @JsonProperty("pool") @Nullable String pool,
            @JsonProperty("zone") String zone,
            @JsonProperty("type") String type,
            @JsonProperty("market") String market,
            @JsonProperty("image") String image,
            @JsonProperty("state") MachineState state,
            @JsonProperty("tags") Map<String, String> tags,
            @JsonProperty("publicIps") List<String> publicIps,
            @JsonProperty("privateIps") List<String> privateIps,
            @JsonProperty("requestTime") Instant requestTime,
            @JsonProperty("launchTime") @Nullable Instant launchTime) {
        this.id = id;
        this.name = name;
        this.batch = batch;
        this.pool = pool;
        this.zone = zone;
        this.type = type;
        this.market = market;
        this.image = image;
        this.state = state;
        this.tags = tags;
        this.publicIps = publicIps;
        this.privateIps = privateIps;
        this.requestTime = requestTime;
        this.launchTime = launchTime;
    }

    /** The driver's fact of it, made once for a region. */
    CloudMachine seenFrom(String region) {
        CloudMachine known = seen;
        if (known == null || !known.region().equals(region)) {
            known = SimulatedMachines.cloudMachine(this, region);
            seen = known;
        }
        return known;
    }
}
