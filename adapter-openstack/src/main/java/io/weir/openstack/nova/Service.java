package io.weir.openstack.nova;

import java.util.List;

/** The services that are called, by the types that catalogs know them by, and the path that every call of theirs begins with. */
enum Service {
    COMPUTE("compute", ""),
    NETWORK("network", "/v2.0"),
    IMAGE("image", "/v2"),
    VOLUME("volumev3 block-storage block-store", "");

    private final String types;
    private final String path;

    Service(String types, String path) {
        this.types = types;
        this.path = path;
    }

    List<String> types() {
        return List.of(types.split(" "));
    }

    /** Some catalogs have the version in a service's address, some have not. */
    String base(String address) {
        String bare = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        return bare.endsWith(path) ? bare : bare + path;
    }

    String word() {
        return types().get(0);
    }
}
