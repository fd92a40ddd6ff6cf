package io.weir.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The driver of the simulated cloud. It uses tokens if its promises name a memory for them. */
public final class SimulatedDriver implements CloudDriver {
    /** Of the simulated default: true listings, no late calls, tokens of a day. */
    public static final Promises PROMISES =
            new Promises(Duration.ZERO, Duration.ZERO, Optional.of(Duration.ofHours(24)), 100);

    /** More pages than any pool has: a listing that goes on for ever is broken off. */
    private static final int PAGES_MAX = 100_000;

    private final SimulatedApi api;
    private final String region;
    private final InstantSource clock;
    private final Promises promises;

    public SimulatedDriver(SimulatedApi api, String region, InstantSource clock, Promises promises) {
        this.api = api;
        this.region = region;
        this.clock = clock;
        this.promises = promises;
    }

    @Override
    public Promises promises() {
        return promises;
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        try {
            return SimulatedTemplates.template(document, api.catalog(), region);
        } catch (ApiFailure failure) {
            throw SimulatedFailures.ofRead(failure);
        }
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        Instant begun = clock.instant();
        List<CloudMachine> machines = new ArrayList<>();
        Set<Scope> missing = new HashSet<>();
        List<Listing.PoolRefusal> refusals = new ArrayList<>();
        Set<String> names = new HashSet<>();
        pools.forEach(pool -> names.add(pool.value()));
        try {
            String next = null;
            for (int pages = 0; pages == 0 || next != null; pages++) {
                if (pages == PAGES_MAX) {
                    throw new CloudException(FailureKind.UNAVAILABLE, "a listing of more than " + PAGES_MAX + " pages");
                }
                SimulatedApi.Page page = api.machines(names, next);
                for (Machine machine : page.machines()) {
                    machines.add(machine.seenFrom(region));
                }
                page.missing().forEach(zone -> missing.add(new Scope(zone)));
                page.refusals().forEach(refusal -> refusals.add(refusal(refusal)));
                next = page.next();
            }
        } catch (ApiFailure failure) {
            throw SimulatedFailures.ofRead(failure);
        }
        return new Listing(begun, machines, missing, refusals);
    }

    private static Listing.PoolRefusal refusal(SimulatedApi.Refusal refusal) {
        return new Listing.PoolRefusal(
                new PoolName(refusal.pool()),
                new LateRefusal(
                        new MachineName(refusal.name()),
                        Optional.ofNullable(refusal.id()).map(MachineId::new),
                        SimulatedFailures.kind(refusal.kind()),
                        refusal.text()));
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        JsonNode frozen = parsed(batch.frozen());
        Map<String, String> tags = new HashMap<>();
        frozen.path("labels")
                .properties()
                .forEach(label -> tags.put(label.getKey(), label.getValue().asText()));
        tags.put(Marks.POOL_TAG, batch.pool().value());
        tags.put(Marks.MARKS_TAG, batch.marks().encode());
        SimulatedApi.Launch launch = new SimulatedApi.Launch(
                batch.id().value(),
                promises.tokenMemory().isPresent() ? batch.id().value() : null,
                batch.choice().zone(),
                batch.choice().machineType(),
                batch.choice().market().name(),
                frozen.path("image").asText(),
                batch.names().stream().map(MachineName::value).toList(),
                Map.copyOf(tags),
                frozen);
        try {
            Map<MachineName, Outcome> outcomes = new LinkedHashMap<>();
            for (SimulatedApi.Launched launched : api.launch(launch)) {
                outcomes.put(
                        new MachineName(launched.name()), outcome(launched.id(), launched.kind(), launched.text()));
            }
            return new Outcomes<>(outcomes);
        } catch (ApiFailure failure) {
            return fate(batch.names(), failure);
        }
    }

    private static JsonNode parsed(String frozen) throws CloudException {
        try {
            return CloudJson.LENIENT.readTree(frozen);
        } catch (JsonProcessingException malformed) {
            throw new CloudException(FailureKind.INVALID_TEMPLATE, "the frozen parameters are not JSON", malformed);
        }
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        try {
            return done(
                    api.terminate(ids.stream().map(MachineId::value).sorted().toList()));
        } catch (ApiFailure failure) {
            return fate(ids, failure);
        }
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        Map<String, Map<String, @Nullable String>> tagsById = new LinkedHashMap<>();
        new TreeMap<>(marks).forEach((id, mark) -> {
            Map<String, @Nullable String> tags = new HashMap<>();
            tags.put(Marks.POOL_TAG, mark.pool().map(PoolName::value).orElse(null));
            tags.put(Marks.MARKS_TAG, mark.encode());
            tagsById.put(id.value(), tags);
        });
        try {
            return done(api.tag(tagsById));
        } catch (ApiFailure failure) {
            return fate(marks.keySet(), failure);
        }
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        try {
            return api.machine(id.value()).map(machine -> machine.seenFrom(region));
        } catch (ApiFailure failure) {
            throw SimulatedFailures.ofRead(failure);
        }
    }

    private static Outcomes<MachineId> done(List<SimulatedApi.Done> answers) {
        Map<MachineId, Outcome> outcomes = new LinkedHashMap<>();
        for (SimulatedApi.Done done : answers) {
            outcomes.put(new MachineId(done.id()), outcome(done.id(), done.kind(), done.text()));
        }
        return new Outcomes<>(outcomes);
    }

    private static Outcome outcome(@Nullable String id, ApiFailure.@Nullable Code kind, @Nullable String text) {
        if (kind != null) {
            return SimulatedFailures.outcome(kind, text);
        }
        return id == null ? new Outcome.Unknown("neither an id nor a reason") : new Outcome.Accepted(new MachineId(id));
    }

    /** Silence leaves each in doubt; a refusal of the whole call is thrown. */
    private static <K> Outcomes<K> fate(Iterable<K> keys, ApiFailure failure) throws CloudException {
        CloudException meaning = SimulatedFailures.ofChange(failure);
        if (meaning.kind() != FailureKind.UNKNOWN) {
            throw meaning;
        }
        Map<K, Outcome> outcomes = new LinkedHashMap<>();
        keys.forEach(key -> outcomes.put(key, new Outcome.Unknown(String.valueOf(meaning.getMessage()))));
        return new Outcomes<>(outcomes);
    }
}
