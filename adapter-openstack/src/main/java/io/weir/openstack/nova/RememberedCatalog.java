package io.weir.openstack.nova;

import io.weir.driver.Catalogs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The catalogs as they were a while ago: many pools resolve against one reading of them. Failures are not remembered. */
final class RememberedCatalog implements Catalogs {
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    private record Reading(Instant at, Object value) {}

    RememberedCatalog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Instant> since() {
        return readings.values().stream().map(Reading::at).min(Instant::compareTo);
    }

    @Override
    public void forget() {
        readings.clear();
    }

    CatalogApi over(CatalogApi catalog) {
        return new Remembering(catalog);
    }

    private interface Read<T> {
        T read() throws NovaFailure;
    }

    @SuppressWarnings("unchecked") // each key is read by one method, which has one type
    private <T> T once(String key, Read<T> read) throws NovaFailure {
        @Nullable Reading known = readings.get(key);
        if (known != null && clock.instant().isBefore(known.at().plus(FRESH))) {
            return (T) known.value();
        }
        Instant now = clock.instant();
        T value = read.read();
        readings.put(key, new Reading(now, value));
        return value;
    }

    private final class Remembering implements CatalogApi {
        private final CatalogApi catalog;

        Remembering(CatalogApi catalog) {
            this.catalog = catalog;
        }

        @Override
        public List<Flavor> flavors() throws NovaFailure {
            return once("flavors", catalog::flavors);
        }

        @Override
        public List<Image> images(Map<String, String> filter) throws NovaFailure {
            return once("images " + new TreeMap<>(filter), () -> catalog.images(filter));
        }

        @Override
        public Optional<Image> image(String id) throws NovaFailure {
            return once("image " + id, () -> catalog.image(id));
        }

        @Override
        public List<Network> networks() throws NovaFailure {
            return once("networks", catalog::networks);
        }

        @Override
        public List<Named> securityGroups() throws NovaFailure {
            return once("security groups", catalog::securityGroups);
        }

        @Override
        public List<Named> ports() throws NovaFailure {
            return catalog.ports();
        }

        @Override
        public List<Named> serverGroups() throws NovaFailure {
            return once("server groups", catalog::serverGroups);
        }

        @Override
        public List<Named> keyPairs() throws NovaFailure {
            return once("key pairs", catalog::keyPairs);
        }

        @Override
        public List<Zone> zones() throws NovaFailure {
            return once("zones", catalog::zones);
        }

        @Override
        public List<Zone> volumeZones() throws NovaFailure {
            return once("volume zones", catalog::volumeZones);
        }

        @Override
        public List<Named> volumeTypes() throws NovaFailure {
            return once("volume types", catalog::volumeTypes);
        }
    }
}
