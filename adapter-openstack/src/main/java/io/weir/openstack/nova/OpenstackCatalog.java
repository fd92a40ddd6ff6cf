package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The catalogs as the services have them now. */
final class OpenstackCatalog implements CatalogApi {
    private final OpenstackCalls calls;

    OpenstackCatalog(OpenstackCalls calls) {
        this.calls = calls;
    }

    @Override
    public List<Flavor> flavors() throws NovaFailure {
        return each(
                calls.get(Service.COMPUTE, "/flavors/detail").rows("flavors"),
                row -> new Flavor(
                        text(row, "id"),
                        text(row, "name"),
                        row.path("vcpus").asInt(),
                        row.path("ram").asInt(),
                        row.path("disk").asInt()));
    }

    @Override
    public List<Image> images(Map<String, String> filter) throws NovaFailure {
        return each(
                calls.get(Service.IMAGE, "/images")
                        .with(filter)
                        .with("sort", "created_at:desc,id:asc")
                        .rows("images"),
                OpenstackCatalog::image);
    }

    @Override
    public Optional<Image> image(String id) throws NovaFailure {
        try {
            return Optional.of(
                    image(calls.get(Service.IMAGE, "/images/{id}", id).object()));
        } catch (NovaFailure failure) {
            if (failure.status() == 404 && failure.text().contains(id)) {
                return Optional.empty(); // Glance says it in HTML
            }
            throw failure;
        }
    }

    private static Image image(JsonNode row) {
        return new Image(
                text(row, "id"),
                text(row, "name"),
                text(row, "status"),
                instant(text(row, "created_at")),
                row.path("min_disk").asInt(),
                row.path("min_ram").asInt(),
                row.path("size").asLong());
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException none) {
            return Instant.EPOCH;
        }
    }

    @Override
    public List<Network> networks() throws NovaFailure {
        return each(
                calls.get(Service.NETWORK, "/networks")
                        .with("fields", "id")
                        .with("fields", "name")
                        .with("fields", "router:external")
                        .rows("networks"),
                row -> new Network(
                        text(row, "id"),
                        text(row, "name"),
                        row.path("router:external").asBoolean()));
    }

    @Override
    public List<Named> securityGroups() throws NovaFailure {
        return neutron("/security-groups", "security_groups");
    }

    @Override
    public List<Named> ports() throws NovaFailure {
        return neutron("/ports", "ports");
    }

    private List<Named> neutron(String path, String array) throws NovaFailure {
        return each(
                calls.get(Service.NETWORK, path)
                        .with("fields", "id")
                        .with("fields", "name")
                        .rows(array),
                OpenstackCatalog::named);
    }

    @Override
    public List<Named> serverGroups() throws NovaFailure {
        return each(calls.get(Service.COMPUTE, "/os-server-groups").rows("server_groups"), OpenstackCatalog::named);
    }

    @Override
    public List<Named> keyPairs() throws NovaFailure {
        return each(calls.get(Service.COMPUTE, "/os-keypairs").rows("keypairs"), row -> {
            String name = text(row.path("keypair"), "name");
            return new Named(name, name);
        });
    }

    @Override
    public List<Zone> zones() throws NovaFailure {
        return zones(Service.COMPUTE);
    }

    @Override
    public List<Zone> volumeZones() throws NovaFailure {
        return zones(Service.VOLUME);
    }

    private List<Zone> zones(Service service) throws NovaFailure {
        return each(
                calls.get(service, "/os-availability-zone").rows("availabilityZoneInfo"),
                row -> new Zone(
                        text(row, "zoneName"),
                        row.path("zoneState").path("available").asBoolean()));
    }

    @Override
    public List<Named> volumeTypes() throws NovaFailure {
        return each(calls.get(Service.VOLUME, "/types").rows("volume_types"), OpenstackCatalog::named);
    }

    private static Named named(JsonNode row) {
        return new Named(text(row, "id"), text(row, "name"));
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).asText("");
    }

    private static <T> List<T> each(List<JsonNode> rows, Function<JsonNode, T> reader) {
        return rows.stream().map(reader).toList();
    }
}
