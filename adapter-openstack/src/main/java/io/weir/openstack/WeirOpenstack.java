package io.weir.openstack;

import io.weir.app.Weir;

/** {@code weir adapter openstack} and {@code weir check}. */
public final class WeirOpenstack {
    private WeirOpenstack() {}

    public static void main(String[] arguments) {
        Weir.serve(new Openstack(System.getenv()), arguments);
    }
}
