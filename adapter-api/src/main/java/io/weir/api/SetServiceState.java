package io.weir.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Tells how the service on a machine does. In version 2.0 the machine's id is in the path and not here, in 5.0 it is here. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SetServiceState(@Nullable String machineId, String serviceState) {}
