package io.weir.openstack.nova;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pool document may name: exactly the lists that resolving one reads. */
interface CatalogApi {
    List<Flavor> flavors() throws NovaFailure;

    /**
     * Newest first.
     *
     * @param filter of Glance: {@code name}, or properties of an image
     */
    List<Image> images(Map<String, String> filter) throws NovaFailure;

    /** By its id, also one that no list shows. */
    Optional<Image> image(String id) throws NovaFailure;

    List<Network> networks() throws NovaFailure;

    List<Named> securityGroups() throws NovaFailure;

    List<Named> ports() throws NovaFailure;

    List<Named> serverGroups() throws NovaFailure;

    /** By name, which is all the id that they have. */
    List<Named> keyPairs() throws NovaFailure;

    List<Zone> zones() throws NovaFailure;

    List<Zone> volumeZones() throws NovaFailure;

    List<Named> volumeTypes() throws NovaFailure;

    record Flavor(String id, String name, int vcpus, int ramMb, int diskGb) {}

    record Image(String id, String name, String status, Instant created, int minDiskGb, int minRamMb, long bytes) {}

    record Network(String id, String name, boolean external) {}

    record Named(String id, String name) {}

    record Zone(String name, boolean available) {}
}
