package io.weir.api;

/** Why an operator does what the call says: freeze, unfreeze, adopt, reset a breaker, give up a scope. */
public record ReasonRequest(String reason) {}
