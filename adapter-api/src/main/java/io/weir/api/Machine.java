package io.weir.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine, in one document for readers of either version.
 *
 * <ol>
 *   <li>Version 2.0 reads {@code id, machineState, serviceState, launchtime, publicIps, privateIps, metadata}.
 *   <li>Version 5.0 reads {@code launchTime} (the same time) and also {@code membershipStatus, cloudProvider, region,
 *       machineSize, requestTime}. An adapter of version 2.0 leaves these out; a membership that is not told is the
 *       default one.
 *   <li>{@code connectAddress} is Weir's: the address that the pool's connection policy chooses, null if there is none.
 * </ol>
 *
 * States are text and not an enum, because a reader must not stumble over a state that it does not know.
 */
public record Machine(
        String id,
        String machineState,
        MembershipStatus membershipStatus,
        String serviceState,
        @Nullable String cloudProvider,
        @Nullable String region,
        @Nullable String machineSize,
        @Nullable Instant requestTime,
        @Nullable Instant launchTime,
        @Nullable Instant launchtime,
        List<String> publicIps,
        List<String> privateIps,
        @Nullable String connectAddress,
        @Nullable Map<String, Object> metadata) {

    public Machine(
            String id,
            String machineState,
            @Nullable MembershipStatus membershipStatus,
            @Nullable String serviceState,
            @Nullable String cloudProvider,
            @Nullable String region,
            @Nullable String machineSize,
            @Nullable Instant requestTime,
            @Nullable Instant launchTime,
            @Nullable Instant launchtime,
            @Nullable List<String> publicIps,
            @Nullable List<String> privateIps,
            @Nullable String connectAddress,
            @Nullable Map<String, Object> metadata) {
        this.id = id;
        this.machineState = machineState;
        this.membershipStatus = membershipStatus == null ? MembershipStatus.DEFAULT : membershipStatus;
        this.serviceState = serviceState == null ? "UNKNOWN" : serviceState;
        this.cloudProvider = cloudProvider;
        this.region = region;
        this.machineSize = machineSize;
        this.requestTime = requestTime;
        this.launchTime = launchTime == null ? launchtime : launchTime;
        this.launchtime = this.launchTime;
        this.publicIps = publicIps == null ? List.of() : List.copyOf(publicIps);
        this.privateIps = privateIps == null ? List.of() : List.copyOf(privateIps);
        this.connectAddress = connectAddress;
        this.metadata = metadata == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
