package io.weir.api;

/** Makes a running machine a member (5.0; in 2.0 its id is in the path and there is no body). */
public record AttachMachine(String machineId) {}
