package io.weir.aws;

import io.weir.app.Weir;

/** {@code weir adapter aws}. */
public final class WeirAws {
    private WeirAws() {}

    public static void main(String[] arguments) {
        Weir.serve(new Aws(), arguments);
    }
}
