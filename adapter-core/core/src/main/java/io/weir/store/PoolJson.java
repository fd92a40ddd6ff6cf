package io.weir.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
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

/**
 * The rows of a pool's state as JSON. Names and ids are plain strings, instants ISO-8601 with all their digits. A field that a
 * later version added and an earlier one does not know is an error: a store is not read by an older program.
 */
final class PoolJson {
    private static final ObjectMapper JSON = mapper();

    private PoolJson() {}

    static String write(Object row) {
        try {
            return JSON.writeValueAsString(row);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a row that cannot be written", impossible);
        }
    }

    static <T> T read(String document, Class<T> type) {
        try {
            return JSON.readValue(document, type);
        } catch (JsonProcessingException broken) {
            throw new Store.StoreException(
                    "a stored " + type.getSimpleName() + " cannot be read: " + broken.getOriginalMessage(), broken);
        }
    }

    private static ObjectMapper mapper() {
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
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
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
