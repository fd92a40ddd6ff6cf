package io.weir.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Ends a machine. In version 2.0 its id is in the path and not here, in 5.0 it is here. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TerminateMachine(@Nullable String machineId, boolean decrementDesiredSize) {}
