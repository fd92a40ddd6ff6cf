package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Puts words in angle brackets where an answer carries what no second run has again, and where it carries a secret. */
final class Mask {
    private static final Set<String> SECRETS =
            Set.of("adminPass", "password", "secret", "private_key", "public_key", "fingerprint");
    private static final Set<String> IDS = Set.of("host", "hostId", "audit_ids", "reservation_id", "connection_info");

    private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put(Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>");
        WORDS.put(Pattern.compile("(?<![0-9a-zA-Z])[0-9a-f]{56,128}(?![0-9a-zA-Z])"), "<hash>");
        WORDS.put(Pattern.compile("(?<![0-9a-zA-Z])[0-9a-f]{32}(?![0-9a-zA-Z])"), "<id>");
        WORDS.put(Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{6})Z"), "<time.Z>");
        WORDS.put(Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{6})"), "<time.>");
        WORDS.put(Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z"), "<timeZ>");
        WORDS.put(Pattern.compile("([0-9a-f]{2}:){5}[0-9a-f]{2}"), "<mac>");
        WORDS.put(Pattern.compile("(http://)127\\.0\\.0\\.1:\\d+"), "http://<cloud>");
        WORDS.put(Pattern.compile("(?<![\\d.])(?!0\\.0\\.0\\.0)\\d{1,3}(\\.\\d{1,3}){3}(?![\\d./])"), "<ip>");
        WORDS.put(Pattern.compile("fake-host-[\\w-]+"), "<host>");
        WORDS.put(Pattern.compile("\\bzone-[a-z]\\b"), "<zone>");
        WORDS.put(Pattern.compile("waited \\d+ seconds or \\d+ attempts"), "waited <some> seconds or <some> attempts");
        WORDS.put(Pattern.compile("r-[0-9a-z]{8}(?![0-9a-z])"), "<reservation>");
        WORDS.put(Pattern.compile("gAAAA[A-Za-z0-9_=-]+"), "<token>");
    }

    /** A sign that stands hundreds of times says no more than that. */
    private static final Pattern RUN = Pattern.compile("([A-Za-z])\\1{999,}");

    private Mask() {}

    static String text(String text) {
        String masked =
                RUN.matcher(text).replaceAll(run -> "<" + run.group().length() + " times " + run.group(1) + ">");
        for (Map.Entry<Pattern, String> word : WORDS.entrySet()) {
            masked = word.getKey().matcher(masked).replaceAll(word.getValue());
        }
        return masked;
    }

    static JsonNode json(JsonNode node) {
        return json("", node);
    }

    private static JsonNode json(String field, JsonNode node) {
        if (node.isObject()) {
            ObjectNode masked = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(entry -> masked.set(text(entry.getKey()), json(entry.getKey(), entry.getValue())));
            return masked;
        }
        if (node.isArray()) {
            ArrayNode masked = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> masked.add(json(field, element)));
            return masked;
        }
        if (node.isTextual() && SECRETS.contains(field)) {
            return TextNode.valueOf("<secret>");
        }
        if (node.isTextual() && IDS.contains(field) && !node.asText().isEmpty()) {
            return TextNode.valueOf("<id>");
        }
        if (field.equals("revision_number")) {
            return TextNode.valueOf("<number>");
        }
        return node.isTextual() ? TextNode.valueOf(text(node.asText())) : node;
    }
}
