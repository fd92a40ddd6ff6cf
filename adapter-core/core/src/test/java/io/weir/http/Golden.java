package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** The published examples, which lie beside the records in the module of the API, and what an answer of ours owes them. */
final class Golden {
    private static final Path FOLDER = Path.of("../../adapter-api/src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    static JsonNode answer(String version, String name) throws IOException {
        return JSON.readTree(
                FOLDER.resolve(version).resolve(name + ".answer.json").toFile());
    }

    static String request(String version, String name) throws IOException {
        return JSON.readTree(
                        FOLDER.resolve(version).resolve(name + ".request.json").toFile())
                .toString();
    }

    /** Every published field is there, with the published type or null; of a list, its first element speaks for all. */
    static void assertHolds(JsonNode published, JsonNode ours) {
        published.properties().forEach(field -> {
            JsonNode value = ours.path(field.getKey());
            assertThat(value.isMissingNode()).as(field.getKey()).isFalse();
            if (!value.isNull()) {
                assertThat(value.getNodeType())
                        .as(field.getKey())
                        .isEqualTo(field.getValue().getNodeType());
            }
            if (value.isObject() && !field.getKey().equals("metadata")) {
                assertHolds(field.getValue(), value);
            }
            if (value.isArray() && field.getValue().path(0).isObject()) {
                assertThat(value).as(field.getKey()).isNotEmpty();
                value.forEach(one -> assertHolds(field.getValue().path(0), one));
            }
        });
    }
}
