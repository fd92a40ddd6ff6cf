package io.weir.gce.compute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.Items;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.util.Optional;

/**
 * What a batch is frozen with: the instance as Compute Engine's own JSON has it, without what a batch decides (name, type, zone, Weir's
 * labels), and the instance template that it is laid over. Disk types are bare names: a zone makes them whole. A field that this version
 * does not know is refused: to launch without it would be another launch.
 *
 * @param template {@code projects/…/global/instanceTemplates/…}
 */
record LaunchParameters(Optional<String> template, Instance instance) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = "sourceInstanceTemplate";
    private static final String INSTANCE = "instance";

    String frozen() {
        try {
            ObjectNode frozen = JSON.createObjectNode();
            template.ifPresent(name -> frozen.put(TEMPLATE, name));
            frozen.set(
                    INSTANCE,
                    JSON.readTree(JsonFormat.printer()
                            .sortingMapKeys()
                            .omittingInsignificantWhitespace()
                            .print(instance)));
            return JSON.writeValueAsString(frozen);
        } catch (InvalidProtocolBufferException | JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static LaunchParameters thawed(String frozen) throws CloudException {
        try {
            JsonNode json = JSON.readTree(frozen);
            Instance.Builder instance = Instance.newBuilder();
            JsonFormat.parser().merge(json.path(INSTANCE).toString(), instance);
            return new LaunchParameters(
                    json.has(TEMPLATE) ? Optional.of(json.path(TEMPLATE).asText()) : Optional.empty(),
                    instance.build());
        } catch (InvalidProtocolBufferException | JsonProcessingException malformed) {
            throw new CloudException(
                    FailureKind.INVALID_TEMPLATE, "the frozen parameters cannot be read: " + firstLine(malformed));
        }
    }

    /** What is behind it may show user data. */
    private static String firstLine(Exception malformed) {
        return String.valueOf(malformed.getMessage()).lines().findFirst().orElse("");
    }

    /** A text without the values of the metadata: start-up scripts and user data are nobody's business. */
    String hidden(String text) {
        String hidden = text;
        for (Items item : instance.getMetadata().getItemsList()) {
            if (!item.getValue().isBlank()) {
                hidden = hidden.replace(item.getValue(), "…");
            }
        }
        return hidden;
    }

    /** Without the metadata. */
    @Override
    public String toString() {
        return "LaunchParameters[template=" + template.orElse("none") + "]";
    }
}
