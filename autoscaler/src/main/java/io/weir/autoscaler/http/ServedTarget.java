package io.weir.autoscaler.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.autoscaler.loop.Target;

/**
 * A target as the door sees it.
 *
 * @param adapter where its pool is, for people
 * @param document what was declared for it, without secrets
 * @param wake beats it at once
 */
public record ServedTarget(Target target, String adapter, JsonNode document, Runnable wake) {}
