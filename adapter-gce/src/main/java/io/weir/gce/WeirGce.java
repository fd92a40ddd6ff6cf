package io.weir.gce;

import io.weir.app.Weir;

/** {@code weir adapter gce}. */
public final class WeirGce {
    private WeirGce() {}

    public static void main(String[] arguments) {
        Weir.serve(new Gce(), arguments);
    }
}
