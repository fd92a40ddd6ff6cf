package io.weir.openstack.nova;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exact parameters of a launch, every name pinned to its id. As text it is the same for the same parameters, whatever order they
 * came in.
 *
 * @param flavors by name: a batch has one of them
 * @param networking {@code none}, {@code auto}, or absent where {@code networks} or {@code ports} are named
 * @param userData Base64, as Nova takes it
 * @param volumeZones those that Cinder knows: a volume is made in its machine's zone if it is one of them
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Frozen(
        Map<String, Flavor> flavors,
        String image,
        @Nullable String networking,
        List<String> networks,
        List<String> ports,
        List<String> securityGroups,
        @Nullable String floatingNetwork,
        @Nullable String serverGroup,
        boolean configDrive,
        @Nullable Disk bootVolume,
        List<Disk> dataVolumes,
        List<String> volumeZones,
        Map<String, String> schedulerHints,
        @Nullable String keyPair,
        @Nullable String userData,
        Map<String, String> labels) {

    record Flavor(String id, int vcpus, int ramMb) {}

    record Disk(int sizeGb, @Nullable String type) {}

    Frozen {
        flavors = some(flavors);
        networks = some(networks);
        ports = some(ports);
        securityGroups = some(securityGroups);
        dataVolumes = some(dataVolumes);
        volumeZones = some(volumeZones);
        schedulerHints = some(schedulerHints);
        labels = some(labels);
    }

    /** What is empty is not written, so it is null when it is read. */
    private static <T> List<T> some(@Nullable List<T> read) {
        return read == null ? List.of() : List.copyOf(read);
    }

    private static <T> Map<String, T> some(@Nullable Map<String, T> read) {
        return read == null ? Map.of() : Map.copyOf(read);
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    static Frozen parse(String text) throws CloudException {
        try {
            return JSON.readValue(text, Frozen.class);
        } catch (JsonProcessingException notOurs) {
            throw new CloudException(
                    FailureKind.INVALID_TEMPLATE,
                    "the frozen parameters cannot be read: " + notOurs.getOriginalMessage());
        }
    }

    /** How many volumes each machine has. */
    int volumes() {
        return dataVolumes.size() + (bootVolume == null ? 0 : 1);
    }

    /** How many ports each machine takes: its networks', whoever makes them. */
    int portsTaken() {
        return "none".equals(networking) ? 0 : ports.isEmpty() ? Math.max(1, networks.size()) : 0;
    }

    boolean hasFloatingIp() {
        return floatingNetwork != null;
    }
}
