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
    private static final String HIDDEN = "…";
    /** So much of a line tells something; less is a word like {@code done}. */
    private static final int TELLING = 6;
    /** Who tells more of it is not listened to: what is shown in the end is shorter. */
    private static final int LOOKED_THROUGH = 10_000;

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

    /**
     * A text without the values of the metadata, their lines, and what a line begins with: start-up scripts and user data are nobody's
     * business, and who tells of one may break off anywhere.
     */
    String hidden(String text) {
        String hidden = text;
        for (Items item : instance.getMetadata().getItemsList()) {
            if (!item.getValue().isBlank()) {
                hidden = hidden.replace(item.getValue(), HIDDEN);
            }
        }
        hidden = hidden.length() > LOOKED_THROUGH ? hidden.substring(0, LOOKED_THROUGH) + HIDDEN : hidden;
        for (Items item : instance.getMetadata().getItemsList()) {
            for (String line : item.getValue().lines().map(String::strip).toList()) {
                hidden = line.length() < TELLING ? hidden : without(line, hidden);
            }
        }
        return hidden;
    }

    private static String without(String line, String text) {
        String head = line.substring(0, TELLING);
        String left = text;
        for (int at = left.indexOf(head); at >= 0; at = left.indexOf(head, at + HIDDEN.length())) {
            int end = at + TELLING;
            while (end < left.length() && end - at < line.length() && left.charAt(end) == line.charAt(end - at)) {
                end++;
            }
            left = left.substring(0, at) + HIDDEN + left.substring(end);
        }
        return left;
    }

    /** Without the metadata. */
    @Override
    public String toString() {
        return "LaunchParameters[template=" + template.orElse("none") + "]";
    }
}
