package io.weir.pool;

/** The execution state of a machine as the published pool API names it (cloud pool REST API 5.0, "machine state"). */
public enum MachineState {
    REQUESTED,
    REJECTED,
    PENDING,
    RUNNING,
    TERMINATING,
    TERMINATED;

    public boolean isStarted() {
        return this == PENDING || this == RUNNING;
    }

    public boolean isAllocated() {
        return this == REQUESTED || isStarted();
    }
}
