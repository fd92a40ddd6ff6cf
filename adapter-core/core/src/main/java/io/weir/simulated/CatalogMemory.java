package io.weir.simulated;

import io.weir.driver.Catalogs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Remembers the catalog for a while; every other call goes through. */
public final class CatalogMemory implements SimulatedApi, Catalogs {
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final SimulatedApi api;
    private final InstantSource clock;
    private @Nullable Known known;

    public CatalogMemory(SimulatedApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    private record Known(Catalog catalog, Instant read) {}

    /** Two who ask at once may both read: no lock is held over a call. */
    @Override
    public Catalog catalog() throws ApiFailure {
        Instant now = clock.instant();
        synchronized (this) {
            if (known != null && now.isBefore(known.read.plus(LIFETIME))) {
                return known.catalog;
            }
        }
        Catalog read = api.catalog();
        synchronized (this) {
            known = new Known(read, now);
        }
        return read;
    }

    @Override
    public synchronized Optional<Instant> since() {
        return Optional.ofNullable(known).map(Known::read);
    }

    @Override
    public synchronized void forget() {
        known = null;
    }

    @Override
    public Page machines(Set<String> pools, @Nullable String page) throws ApiFailure {
        return api.machines(pools, page);
    }

    @Override
    public Optional<Machine> machine(String id) throws ApiFailure {
        return api.machine(id);
    }

    @Override
    public List<Launched> launch(Launch launch) throws ApiFailure {
        return api.launch(launch);
    }

    @Override
    public List<Done> terminate(List<String> ids) throws ApiFailure {
        return api.terminate(ids);
    }

    @Override
    public List<Done> tag(Map<String, Map<String, @Nullable String>> tagsById) throws ApiFailure {
        return api.tag(tagsById);
    }
}
