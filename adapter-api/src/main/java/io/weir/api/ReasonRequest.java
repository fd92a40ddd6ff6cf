package io.weir.api;

/** Why an operator freezes a pool, or lets it act again. */
public record ReasonRequest(String reason) {}
