package io.weir.gce.fake;

/** The process is dead: nothing of it goes on. */
final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
        super("the process is dead", null, false, false);
    }
}
