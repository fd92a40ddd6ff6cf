package io.weir.service.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * The body of a request: one strictly read JSON document. A resource method takes it as its only unannotated parameter; a method
 * without one refuses every body that is not empty.
 */
public record Body(JsonNode document) {
    public static Body of(byte[] bytes) {
        return new Body(StrictJson.json(bytes));
    }

    /** What the reader makes of the body, or a 400 that tells of everything wrong with it. */
    public <T> T read(Function<Fields, T> reader) {
        return Fields.read(document, reader);
    }
}
