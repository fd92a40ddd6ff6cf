package io.weir.aws.fake;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is there before anything is launched: one account in one region.
 *
 * @param parameters what SSM knows
 */
record Region(
        String name,
        String account,
        List<Zone> zones,
        List<Subnet> subnets,
        List<Group> groups,
        List<Image> images,
        List<InstanceType> types,
        List<String> keyPairs,
        List<Profile> profiles,
        List<LaunchTemplate> launchTemplates,
        Map<String, String> parameters) {

    Region {
        zones = List.copyOf(zones);
        subnets = List.copyOf(subnets);
        groups = List.copyOf(groups);
        images = List.copyOf(images);
        types = List.copyOf(types);
        keyPairs = List.copyOf(keyPairs);
        profiles = List.copyOf(profiles);
        launchTemplates = List.copyOf(launchTemplates);
        parameters = Map.copyOf(parameters);
    }

    record Zone(String name, String id) {}

    /**
     * @param network the first three numbers of its addresses, as {@code 10.0.1}
     * @param addresses how many can be given away
     */
    record Subnet(
            String id,
            String zone,
            String vpc,
            String network,
            int addresses,
            boolean publicAddresses,
            boolean isDefault,
            Map<String, String> tags) {}

    record Group(String id, String name, String vpc) {}

    /** @param alias the owner's, as {@code amazon} */
    record Image(
            String id,
            String name,
            String owner,
            @Nullable String alias,
            boolean isPublic,
            String architecture,
            String state,
            Instant created,
            String rootDevice,
            int rootSizeGb) {}

    /** @param zones where it is offered; empty: everywhere */
    record InstanceType(
            String name,
            int vcpus,
            int memoryMib,
            String architecture,
            BigDecimal price,
            BigDecimal spotPrice,
            List<String> zones) {
        boolean offeredIn(String zone) {
            return zones.isEmpty() || zones.contains(zone);
        }
    }

    record Profile(String name, String id) {}

    /** @param versions the parameters of RunInstances that each holds, as the query protocol writes them; the first is version 1 */
    record LaunchTemplate(String id, String name, int defaultVersion, List<Map<String, String>> versions) {
        LaunchTemplate {
            versions = List.copyOf(versions);
        }
    }

    Optional<Subnet> subnet(String id) {
        return first(subnets, Subnet::id, id);
    }

    Optional<Image> image(String id) {
        return first(images, Image::id, id);
    }

    Optional<Group> group(String id) {
        return first(groups, Group::id, id);
    }

    Optional<InstanceType> type(String type) {
        return first(types, InstanceType::name, type);
    }

    boolean hasZone(String zone) {
        return zones.stream().anyMatch(known -> known.name.equals(zone));
    }

    String zoneId(String zone) {
        return first(zones, Zone::name, zone).map(Zone::id).orElse(zone);
    }

    private static <T> Optional<T> first(List<T> all, Function<T, String> key, String wanted) {
        return all.stream().filter(one -> key.apply(one).equals(wanted)).findFirst();
    }

    Region withImages(UnaryOperator<List<Image>> change) {
        return new Region(
                name,
                account,
                zones,
                subnets,
                groups,
                change.apply(images),
                types,
                keyPairs,
                profiles,
                launchTemplates,
                parameters);
    }

    Region withSubnets(UnaryOperator<List<Subnet>> change) {
        return new Region(
                name,
                account,
                zones,
                change.apply(subnets),
                groups,
                images,
                types,
                keyPairs,
                profiles,
                launchTemplates,
                parameters);
    }
}
