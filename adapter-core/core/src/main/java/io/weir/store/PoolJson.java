package io.weir.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.weir.pool.BatchId;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.StoreId;
import io.weir.store.PoolParts.Document;

/**
 * The rows of a pool's state as JSON. Names and ids are plain strings, instants ISO-8601 with all their digits. An unknown field is an
 * error, and so is a missing one unless it is optional: a program that changes a record in another way brings a migration along.
 */
public final class PoolJson {
    private static final ObjectMapper JSON = mapper();

    private PoolJson() {}

    static String write(Object row) {
        try {
            return JSON.writeValueAsString(row);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a row that cannot be written", impossible);
        }
    }

    static Document document(String row) {
        return new Document() {
            @Override
            public <T> T as(Class<T> type) {
                return read(row, type);
            }
        };
    }

    static <T> T read(String document, Class<T> type) {
        try {
            return JSON.readValue(document, type);
        } catch (JsonProcessingException broken) {
            throw new Store.StoreException(
                    "a stored " + type.getSimpleName() + " cannot be read: " + broken.getOriginalMessage(), broken);
        }
    }

    /** A mapper of one's own that reads and writes rows in this way. */
    public static JsonMapper mapper() {
        SimpleModule names = new SimpleModule();
        names.addKeyDeserializer(Scope.class, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) throws JsonMappingException {
                return new Scope(key);
            }
        });
        JsonMapper.Builder builder = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .addModule(names)
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS, MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(
                        SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                        SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
        for (Class<?> name : new Class<?>[] {
            PoolName.class, MachineName.class, MachineId.class, StoreId.class, BatchId.class, Scope.class
        }) {
            builder.addMixIn(name, OneString.class);
        }
        return builder.build();
    }

    /** A record of one string is that string. */
    @JsonIgnoreProperties
    private abstract static class OneString {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        OneString(String value) {}

        @JsonValue
        abstract String value();
    }
}
