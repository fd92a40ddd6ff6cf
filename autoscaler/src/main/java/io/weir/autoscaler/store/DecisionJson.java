package io.weir.autoscaler.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Memory;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.policy.MachineCount;
import io.weir.autoscaler.policy.PerMachineTracking;
import io.weir.autoscaler.policy.Recommendation;
import io.weir.autoscaler.policy.Recurrence;
import io.weir.autoscaler.policy.ScalingPolicy;
import io.weir.autoscaler.policy.ScheduleBounds;
import io.weir.autoscaler.policy.TotalTracking;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Decisions and memories as JSON and back, without loss: a decision that is read, decided again and written is the same
 * bytes. The kinds of policies, samples and recommendations are a closed list; no name of a class is written or believed.
 */
public final class DecisionJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(ours())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .addMixIn(ScalingPolicy.class, PolicyKinds.class)
            .addMixIn(Recommendation.class, RecommendationKinds.class)
            .addMixIn(MetricSample.class, SampleKinds.class)
            .build();

    private DecisionJson() {}

    public static String text(Decision decision) {
        return written(decision);
    }

    public static Decision decision(String text) {
        return read(text, Decision.class);
    }

    public static String text(Memory memory) {
        return written(memory);
    }

    public static Memory memory(String text) {
        return read(text, Memory.class);
    }

    /** A part of a decision as a tree of plain values, for an answer. */
    public static Object plain(Object part) {
        return MAPPER.convertValue(part, Object.class);
    }

    /** A written decision as a tree, without making it a decision again. */
    public static JsonNode tree(String text) {
        return read(text, JsonNode.class);
    }

    private static String written(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SimpleModule ours() {
        return new SimpleModule("decisions")
                .addSerializer(Recurrence.class, ToStringSerializer.instance)
                .addDeserializer(Recurrence.class, new RecurrenceReader())
                .addSerializer(MachineCount.class, new CountWriter())
                .addDeserializer(MachineCount.class, new CountReader());
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = TotalTracking.class, name = "total"),
        @JsonSubTypes.Type(value = PerMachineTracking.class, name = "perMachine"),
        @JsonSubTypes.Type(value = ScheduleBounds.class, name = "schedule"),
    })
    private interface PolicyKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Recommendation.Wants.class, name = "wants"),
        @JsonSubTypes.Type(value = Recommendation.WantsAtLeast.class, name = "wantsAtLeast"),
        @JsonSubTypes.Type(value = Recommendation.Holds.class, name = "holds"),
        @JsonSubTypes.Type(value = Recommendation.Within.class, name = "within"),
        @JsonSubTypes.Type(value = Recommendation.Silent.class, name = "silent"),
    })
    private interface RecommendationKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = MetricSample.Fresh.class, name = "fresh"),
        @JsonSubTypes.Type(value = MetricSample.Partial.class, name = "partial"),
        @JsonSubTypes.Type(value = MetricSample.Stale.class, name = "stale"),
        @JsonSubTypes.Type(value = MetricSample.FutureStamped.class, name = "futureStamped"),
        @JsonSubTypes.Type(value = MetricSample.NotANumber.class, name = "notANumber"),
        @JsonSubTypes.Type(value = MetricSample.Infinite.class, name = "infinite"),
        @JsonSubTypes.Type(value = MetricSample.OutOfRange.class, name = "outOfRange"),
        @JsonSubTypes.Type(value = MetricSample.Absent.class, name = "absent"),
        @JsonSubTypes.Type(value = MetricSample.Ambiguous.class, name = "ambiguous"),
        @JsonSubTypes.Type(value = MetricSample.Unreachable.class, name = "unreachable"),
    })
    private interface SampleKinds {}

    private static final class RecurrenceReader extends StdDeserializer<Recurrence> {
        private static final long serialVersionUID = 1L;

        RecurrenceReader() {
            super(Recurrence.class);
        }

        @Override
        public Recurrence deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return new Recurrence(in.getText());
        }
    }

    private static final class CountWriter extends StdSerializer<MachineCount> {
        private static final long serialVersionUID = 1L;

        CountWriter() {
            super(MachineCount.class);
        }

        @Override
        public void serialize(MachineCount count, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNumber(count.exact());
        }
    }

    private static final class CountReader extends StdDeserializer<MachineCount> {
        private static final long serialVersionUID = 1L;

        CountReader() {
            super(MachineCount.class);
        }

        @Override
        public MachineCount deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return new MachineCount(in.getDecimalValue());
        }
    }
}
