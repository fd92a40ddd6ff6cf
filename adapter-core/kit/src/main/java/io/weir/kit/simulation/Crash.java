package io.weir.kit.simulation;

/** The process dies here. An error, because no code of ours may survive it. */
final class Crash extends Error {
    private static final long serialVersionUID = 1;

    final CrashPoint point;

    Crash(CrashPoint point) {
        super(point.name(), null, false, false);
        this.point = point;
    }
}
