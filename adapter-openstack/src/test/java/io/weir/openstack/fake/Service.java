package io.weir.openstack.fake;

/** The services, by the type that the catalog gives them. */
enum Service {
    IDENTITY("identity", "keystone", "/v3"),
    COMPUTE("compute", "nova", "/v2.1"),
    IMAGE("image", "glance", ""),
    NETWORK("network", "neutron", ""),
    VOLUME("volumev3", "cinderv3", "/v3");

    final String type;
    final String word;
    final String prefix;

    Service(String type, String word, String prefix) {
        this.type = type;
        this.word = word;
        this.prefix = prefix;
    }
}
