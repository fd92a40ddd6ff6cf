package io.weir.openstack.nova;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Catalogs in a test's hands, and which of them were read. */
final class PaperCatalog implements CatalogApi {
    final List<String> read = new ArrayList<>();
    final List<Image> images = new ArrayList<>(List.of(
            image("11111111-1111-1111-1111-111111111111", "ubuntu", "active", 1),
            image("22222222-2222-2222-2222-222222222222", "ubuntu", "active", 2),
            image("33333333-3333-3333-3333-333333333333", "ubuntu", "queued", 3)));
    List<Network> networks = List.of(new Network("n1", "inner", false), new Network("n2", "outer", true));
    List<Zone> zones = List.of(new Zone("zone-b", true), new Zone("zone-a", true), new Zone("zone-c", false));

    static Image image(String id, String name, String status, long age) {
        return new Image(id, name, status, Instant.ofEpochSecond(age), 5, 256, 1000);
    }

    @Override
    public List<Flavor> flavors() {
        read.add("flavors");
        return List.of(
                new Flavor("1", "tiny", 1, 512, 10),
                new Flavor("2", "small", 1, 2048, 20),
                new Flavor("3", "nano", 1, 64, 1));
    }

    @Override
    public List<Image> images(Map<String, String> filter) {
        read.add("images " + filter);
        String name = filter.get("name");
        boolean properties = filter.keySet().stream().anyMatch(key -> !key.equals("name"));
        return images.stream()
                .filter(image -> name == null || image.name().equals(name))
                .filter(image -> !properties || "ubuntu".equals(filter.get("os_distro")))
                .toList();
    }

    @Override
    public Optional<Image> image(String id) {
        return images.stream().filter(image -> image.id().equals(id)).findFirst();
    }

    @Override
    public List<Network> networks() {
        read.add("networks");
        return networks;
    }

    @Override
    public List<Named> securityGroups() {
        read.add("security groups");
        return List.of(new Named("g1", "web"), new Named("g2", "twice"), new Named("g3", "twice"));
    }

    @Override
    public List<Named> ports() {
        return List.of(new Named("p1", "port-one"));
    }

    @Override
    public List<Named> serverGroups() {
        return List.of(new Named("s1", "apart"));
    }

    @Override
    public List<Named> keyPairs() {
        return List.of(new Named("key", "key"));
    }

    @Override
    public List<Zone> zones() {
        return zones;
    }

    @Override
    public List<Zone> volumeZones() {
        read.add("volume zones");
        return List.of(new Zone("zone-a", true));
    }

    @Override
    public List<Named> volumeTypes() {
        return List.of(new Named("t1", "fast"));
    }
}
