package io.weir.aws.fake;

import io.weir.simulated.LinesFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that ever happened to what was launched, in memory and in the journal. What is written is applied at once and durable with the next flush. */
final class Ledger {
    private final Optional<LinesFile<Ec2Event>> journal;
    private final List<Instance> instances = new ArrayList<>();
    private final Map<String, Instance> byId = new HashMap<>();
    /** Those that a listing may still show, in the order of their launch. */
    private final List<Instance> shown = new ArrayList<>();

    private final Map<String, Ec2Event.Launched> byToken = new HashMap<>();
    private final Map<String, List<Instance>> byReservation = new LinkedHashMap<>();
    /** Of volumes, network interfaces and spot requests; those of an instance are with it. */
    private final Map<String, TagHistory> tags = new HashMap<>();

    /** @param journal what was written before and is written on; empty: nothing outlives this process */
    Ledger(Optional<LinesFile<Ec2Event>> journal) {
        this.journal = journal;
        journal.ifPresent(file -> file.history().forEach(this::apply));
    }

    void write(Ec2Event event) {
        journal.ifPresent(file -> file.append(event));
        apply(event);
    }

    void flush() {
        journal.ifPresent(LinesFile::flush);
    }

    private void apply(Ec2Event event) {
        switch (event) {
            case Ec2Event.Launched launched -> launch(launched);
            case Ec2Event.Changed changed -> known(changed.id()).change(changed);
            case Ec2Event.Tagged tagged -> {
                TagHistory history = tagsOf(tagged.resource())
                        .orElseThrow(
                                () -> new IllegalStateException("tags of " + tagged.resource() + ", which never was"));
                history.set(tagged.at().toEpochMilli(), tagged.tags());
            }
            case Ec2Event.Protected change -> known(change.id()).isProtected = change.isProtected();
        }
    }

    private void launch(Ec2Event.Launched launched) {
        List<Instance> reservation = new ArrayList<>();
        long at = launched.at().toEpochMilli();
        for (Ec2Event.Birth birth : launched.instances()) {
            Instance instance = new Instance(instances.size(), reservation.size(), birth, launched);
            instances.add(instance);
            shown.add(instance);
            reservation.add(instance);
            byId.put(instance.id, instance);
            LaunchSpec spec = launched.spec();
            spec.volumes()
                    .forEach(volume -> tags.put(instance.volumeId(volume), new TagHistory(at, spec.tagsOf("volume"))));
            tags.put(instance.interfaceId(), new TagHistory(at, spec.tagsOf("network-interface")));
            if (spec.isSpot()) {
                tags.put(instance.spotRequestId(), new TagHistory(at, spec.tagsOf("spot-instances-request")));
            }
        }
        byReservation.put(launched.reservation(), reservation);
        if (launched.token() != null) {
            byToken.put(launched.token(), launched);
        }
    }

    private Instance known(String id) {
        Instance instance = byId.get(id);
        if (instance == null) {
            throw new IllegalStateException("the ledger speaks of " + id + ", which it never launched");
        }
        return instance;
    }

    List<Instance> all() {
        return instances;
    }

    List<Instance> shown() {
        return shown;
    }

    /** Those that ended before are never looked at again. */
    void prune(long endedBefore) {
        shown.removeIf(instance -> instance.ended() < endedBefore);
    }

    Optional<Instance> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Ec2Event.Launched> byToken(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    List<Instance> of(Ec2Event.Launched launch) {
        return byReservation.getOrDefault(launch.reservation(), List.of());
    }

    Optional<TagHistory> tagsOf(String resource) {
        Instance instance = byId.get(resource);
        return Optional.ofNullable(instance == null ? tags.get(resource) : instance.tags);
    }
}
