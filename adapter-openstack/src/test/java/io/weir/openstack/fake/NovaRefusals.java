package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How Nova says no: an envelope for each status, and values as Python prints them. */
final class NovaRefusals {
    private NovaRefusals() {}

    static Refusal refusal(int status, String message) {
        String word =
                switch (status) {
                    case 400 -> "badRequest";
                    case 401 -> "unauthorized";
                    case 403 -> "forbidden";
                    case 404 -> "itemNotFound";
                    case 405 -> "badMethod";
                    case 409 -> "conflictingRequest";
                    case 413 -> "overLimit";
                    case 429 -> "overLimit";
                    case 503 -> "serviceUnavailable";
                    default -> "computeFault";
                };
        ObjectNode body = Site.object();
        body.putObject(word).put("code", status).put("message", message);
        return new Refusal(Answer.json(status, body).as(Answer.JSON_UTF8));
    }

    static Refusal bad(String message) {
        return refusal(400, message);
    }

    static Refusal missing(String id) {
        return refusal(404, "Instance " + id + " could not be found.");
    }

    static Refusal state(String action, String id, String state) {
        return refusal(409, "Cannot '" + action + "' instance " + id + " while it is in vm_state " + state);
    }

    static Refusal forbidden(String rule) {
        return refusal(403, "Policy doesn't allow " + rule + " to be performed.");
    }

    /** What its database or a service behind it did to Nova. */
    static Refusal unexpected(String exception) {
        return refusal(
                500,
                "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API"
                        + " log if possible.\n"
                        + "<class '" + exception + "'>");
    }

    static Refusal field(String field, JsonNode value, String why) {
        return bad("Invalid input for field/attribute " + field + ". Value: " + printed(value) + ". " + why);
    }

    static Refusal parameter(String name, String value, String why) {
        return bad("Invalid input for query parameters " + name + ". Value: " + value + ". " + why);
    }

    static Refusal additional(String field, JsonNode value, List<String> names) {
        String all = names.stream().sorted().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return field(
                field,
                value,
                "Additional properties are not allowed (" + all + (names.size() == 1 ? " was" : " were")
                        + " unexpected)");
    }

    /** As {@code str()} does. */
    static String printed(JsonNode value) {
        return value.isTextual() ? value.asText() : python(value);
    }

    /** As {@code repr()} does. */
    static String python(JsonNode value) {
        if (value.isTextual()) {
            String text = value.asText();
            String quote = text.contains("'") && !text.contains("\"") ? "\"" : "'";
            return quote
                    + text.replace("\\", "\\\\")
                            .replace("\n", "\\n")
                            .replace("\r", "\\r")
                            .replace("\t", "\\t")
                            .replace(quote.equals("'") ? "'" : "\0", quote.equals("'") ? "\\'" : "\0")
                    + quote;
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "True" : "False";
        }
        if (value.isNull()) {
            return "None";
        }
        List<String> parts = new ArrayList<>();
        if (value.isObject()) {
            value.properties()
                    .forEach(entry ->
                            parts.add(python(com.fasterxml.jackson.databind.node.TextNode.valueOf(entry.getKey()))
                                    + ": " + python(entry.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        if (value.isArray()) {
            value.forEach(element -> parts.add(python(element)));
            return "[" + String.join(", ", parts) + "]";
        }
        return value.asText();
    }
}
