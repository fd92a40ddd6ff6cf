package io.weir.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import io.weir.store.PoolJson;
import io.weir.store.PoolParts.Document;

/** The journal as JSON: rows as the store writes them, and keys always in one order, so that what is the same is the same text. */
final class JournalJson {
    private static final ObjectMapper JSON = PoolJson.mapper()
            .rebuild()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JournalJson() {}

    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a value that cannot be written", impossible);
        }
    }

    static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    /** @throws IllegalArgumentException it is no JSON, or not of this type */
    static <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken.getOriginalMessage(), broken);
        }
    }

    static Document document(JsonNode row) {
        return new Document() {
            @Override
            public <T> T as(Class<T> type) {
                try {
                    return JSON.treeToValue(row, type);
                } catch (JsonProcessingException broken) {
                    throw new IllegalArgumentException(
                            "a " + type.getSimpleName() + " cannot be read: " + broken.getOriginalMessage(), broken);
                }
            }
        };
    }
}
