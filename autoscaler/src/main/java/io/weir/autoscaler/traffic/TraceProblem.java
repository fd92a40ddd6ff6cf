package io.weir.autoscaler.traffic;

/** A trace that cannot be read; the message says where and why. */
public final class TraceProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TraceProblem(String message) {
        super(message);
    }
}
