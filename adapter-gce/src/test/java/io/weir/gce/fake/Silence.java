package io.weir.gce.fake;

/** The caller gets no answer: the call was lost, is late, or its answer was lost. */
final class Silence extends Exception {
    private static final long serialVersionUID = 1;

    Silence(String why) {
        super(why, null, false, false);
    }
}
