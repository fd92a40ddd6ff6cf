package io.weir.aws.fake;

import io.weir.pool.PoolDocument;
import io.weir.pool.PoolDocument.DataVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool document of the example's region, with the fields that matter here. */
record Documents(
        Optional<String> image,
        List<String> types,
        List<String> zones,
        List<DataVolume> volumes,
        Optional<String> userData,
        Optional<String> sshKey,
        Optional<String> network,
        Map<String, String> labels,
        String section) {
    static final Documents PLAIN = new Documents(
            Optional.of(ExampleRegion.IMAGE),
            List.of("t3.micro"),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            "{}");

    Documents image(String name) {
        return new Documents(Optional.of(name), types, zones, volumes, userData, sshKey, network, labels, section);
    }

    Documents withoutImageAndTypes() {
        return new Documents(Optional.empty(), List.of(), zones, volumes, userData, sshKey, network, labels, section);
    }

    Documents types(String... names) {
        return new Documents(image, List.of(names), zones, volumes, userData, sshKey, network, labels, section);
    }

    Documents zones(String... names) {
        return new Documents(image, types, List.of(names), volumes, userData, sshKey, network, labels, section);
    }

    Documents volumes(DataVolume... some) {
        return new Documents(image, types, zones, List.of(some), userData, sshKey, network, labels, section);
    }

    Documents userData(String text) {
        return new Documents(image, types, zones, volumes, Optional.of(text), sshKey, network, labels, section);
    }

    Documents sshKey(String name) {
        return new Documents(image, types, zones, volumes, userData, Optional.of(name), network, labels, section);
    }

    Documents network(String name) {
        return new Documents(image, types, zones, volumes, userData, sshKey, Optional.of(name), labels, section);
    }

    Documents labels(Map<String, String> some) {
        return new Documents(image, types, zones, volumes, userData, sshKey, network, some, section);
    }

    Documents section(String json) {
        return new Documents(image, types, zones, volumes, userData, sshKey, network, labels, json);
    }

    PoolDocument document() {
        PoolDocument plain = PoolDocument.of(0, 10, 0);
        return new PoolDocument(
                0,
                10,
                0,
                image,
                types,
                zones,
                volumes,
                userData,
                false,
                plain.connectionPolicy(),
                sshKey,
                network,
                labels,
                plain.connection(),
                plain.autoscalers(),
                plain.health(),
                plain.victimPolicy(),
                plain.billingPeriod(),
                plain.pace(),
                plain.timeouts(),
                section);
    }
}
