package io.weir.openstack.nova;

/** A connection's calls, for one who waits until a deadline. */
interface OpenstackApis {
    NovaApi nova(Deadline deadline);

    CatalogApi catalog(Deadline deadline);
}
