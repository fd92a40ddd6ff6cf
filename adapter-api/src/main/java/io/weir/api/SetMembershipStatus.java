package io.weir.api;

/** Tells whether a machine counts and whether it may be terminated (5.0). */
public record SetMembershipStatus(String machineId, MembershipStatus membershipStatus) {}
