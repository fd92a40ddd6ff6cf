package io.weir.openstack.fake;

import io.weir.openstack.fake.Catalog.Flavor;
import io.weir.openstack.fake.Rows.Server;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Instances, cores and ram of a project. What counts is what has a cell: a server that is not scheduled yet does not, which is why
 * launches that come close together all pass; the choice of a host counts again. One that failed after that counts until it is deleted.
 */
final class NovaQuota {
    private final Site site;

    NovaQuota(Site site) {
        this.site = site;
    }

    long limit(String what, String project) {
        Rows.Limit own = site.books.limits.get("compute " + project);
        return own != null && own.limits.containsKey(what) ? own.limits.get(what) : site.dials.limitOf(what);
    }

    void set(String project, Map<String, Long> limits) {
        Rows.Limit own = site.books.limits.getOrDefault("compute " + project, new Rows.Limit());
        own.id = "compute " + project;
        own.limits = new LinkedHashMap<>(own.limits);
        own.limits.putAll(limits);
        site.books.write(own, site.now);
    }

    void reset(String project) {
        Rows.Limit own = site.books.limits.get("compute " + project);
        if (own != null) {
            site.books.remove(own, site.now);
        }
    }

    long used(String what, String project) {
        return site.books.servers.values().stream()
                .filter(server -> server.isThere() && server.project.equals(project) && server.inCell)
                .mapToLong(
                        server -> size(what, site.catalog.flavor(server.flavor).orElseThrow()))
                .sum();
    }

    private static long size(String what, Flavor flavor) {
        return switch (what) {
            case "cores" -> flavor.vcpus();
            case "ram" -> flavor.ram();
            default -> 1;
        };
    }

    /**
     * Why so many more would be too many; empty: they would not.
     *
     * @param counted one of them counts already
     */
    Optional<String> beyond(String project, Flavor flavor, int more, @Nullable Server counted) {
        for (String what : java.util.List.of("instances", "cores", "ram")) {
            long limit = limit(what, project);
            long used = used(what, project) - (counted == null ? 0 : size(what, flavor));
            long wanted = more * size(what, flavor);
            if (limit >= 0 && used + wanted > limit) {
                return Optional.of("Quota exceeded for " + what + ": Requested " + wanted + ", but already used " + used
                        + " of " + limit + " " + what);
            }
        }
        return Optional.empty();
    }
}
