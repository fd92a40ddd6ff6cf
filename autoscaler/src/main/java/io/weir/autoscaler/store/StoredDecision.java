package io.weir.autoscaler.store;

import java.time.Instant;

/**
 * A decision as it was kept.
 *
 * @param id later decisions have higher ones
 * @param document the whole of it as JSON: {@link DecisionJson} makes the decision of it again
 */
public record StoredDecision(long id, Instant at, int from, int size, String why, String document) {}
