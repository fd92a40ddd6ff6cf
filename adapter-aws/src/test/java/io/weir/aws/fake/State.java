package io.weir.aws.fake;

import io.weir.pool.MachineState;

/** The states of an instance, with EC2's numbers. */
enum State {
    PENDING(0, "pending", MachineState.PENDING),
    RUNNING(16, "running", MachineState.RUNNING),
    SHUTTING_DOWN(32, "shutting-down", MachineState.TERMINATING),
    TERMINATED(48, "terminated", MachineState.TERMINATED),
    STOPPING(64, "stopping", MachineState.TERMINATING),
    STOPPED(80, "stopped", MachineState.TERMINATING);

    final int code;
    final String word;
    /** What the ledger calls it; a stopped instance is paid for, but no machine of a pool any more. */
    final MachineState ledger;

    State(int code, String word, MachineState ledger) {
        this.code = code;
        this.word = word;
        this.ledger = ledger;
    }

    Element element(String name) {
        return Element.of(name, Element.text("code", code), Element.text("name", word));
    }
}
