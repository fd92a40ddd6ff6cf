package io.weir.aws.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.simulated.CloudJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The parameters of Systems Manager, where Amazon and others keep the ids of their newest images. */
final class Ssm {
    private static final long MODIFIED = 1_767_225_600; // 2026-01-01

    private final Supplier<Region> region;

    Ssm(Supplier<Region> region) {
        this.region = region;
    }

    Answer answer(String action, String body, Door.Caller caller) throws Refusal {
        caller.authenticate();
        return switch (action) {
            case "ssm:GetParameter" -> {
                String name = read(body).path("Name").asText();
                caller.allow(need(action, name));
                yield Answer.json(
                        200,
                        Answer.AWS_JSON,
                        Map.of(
                                "Parameter",
                                parameter(name).orElseThrow(() -> Refusal.client("ParameterNotFound", name))));
            }
            case "ssm:GetParameters" -> {
                List<Object> found = new ArrayList<>();
                List<String> invalid = new ArrayList<>();
                for (JsonNode name : read(body).path("Names")) {
                    caller.allow(need(action, name.asText()));
                    parameter(name.asText()).ifPresentOrElse(found::add, () -> invalid.add(name.asText()));
                }
                yield Answer.json(200, Answer.AWS_JSON, Map.of("Parameters", found, "InvalidParameters", invalid));
            }
            default -> throw Refusal.notInTheFake("the operation " + action);
        };
    }

    private Action.Need need(String action, String name) {
        return new Action.Need(action, arn(name), Map.of());
    }

    private String arn(String name) {
        // Amazon's public parameters belong to no account.
        String account = name.startsWith("/aws/service/") ? "" : region.get().account();
        return "arn:aws:ssm:" + region.get().name() + ":" + account + ":parameter" + (name.startsWith("/") ? "" : "/")
                + name;
    }

    private Optional<Map<String, Object>> parameter(String name) {
        return Optional.ofNullable(region.get().parameters().get(name))
                .map(value -> Map.of(
                        "Name",
                        name,
                        "Type",
                        "String",
                        "Value",
                        value,
                        "Version",
                        1,
                        "LastModifiedDate",
                        MODIFIED,
                        "ARN",
                        arn(name),
                        "DataType",
                        "text"));
    }

    private static JsonNode read(String body) throws Refusal {
        try {
            return CloudJson.LENIENT.readTree(body);
        } catch (JsonProcessingException noJson) {
            throw Refusal.client("SerializationException", "the body is not JSON");
        }
    }
}
