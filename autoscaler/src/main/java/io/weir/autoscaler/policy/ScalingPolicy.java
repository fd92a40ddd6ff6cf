package io.weir.autoscaler.policy;

/** One opinion about the size of a pool: a pure function of what a beat saw. */
public interface ScalingPolicy {
    String name();

    Recommendation recommend(Beat beat);
}
