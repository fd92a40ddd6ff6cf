package io.weir.aws.fake;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of a change before it is answered, with the future as it was drawn: a fake that was killed wakes up as if it had
 * never slept.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Ec2Event.Launched.class, name = "launched"),
    @JsonSubTypes.Type(value = Ec2Event.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = Ec2Event.Tagged.class, name = "tagged"),
    @JsonSubTypes.Type(value = Ec2Event.Protected.class, name = "protected")
})
sealed interface Ec2Event {

    /**
     * One launch call that was carried out.
     *
     * @param token the client token with where it holds: the region, or a zone; null: there was none
     * @param asked the call's parameters but the token, to compare a repetition with
     */
    record Launched(
            Instant at,
            String reservation,
            @Nullable String token,
            @Nullable String clientToken,
            Map<String, String> asked,
            LaunchSpec spec,
            List<Birth> instances)
            implements Ec2Event {}

    /**
     * One instance of a launch.
     *
     * @param steps from pending on
     */
    record Birth(String id, String address, List<Step> steps) {}

    /** From when on an instance is in a state, and why. */
    record Step(
            Instant at,
            State state,
            @Nullable String code,
            @Nullable String message) {
        static Step of(Instant at, State state) {
            return new Step(at, state, null, null);
        }

        static Step because(Instant at, State state, String code, String message) {
            return new Step(at, state, code, code + ": " + message);
        }
    }

    /**
     * What was to come for an instance comes no more, and this comes instead.
     *
     * @param asked whether the API was asked to end it
     */
    record Changed(Instant at, String id, boolean asked, List<Step> steps) implements Ec2Event {}

    record Tagged(Instant at, String resource, Map<String, String> tags) implements Ec2Event {}

    record Protected(Instant at, String id, boolean isProtected) implements Ec2Event {}
}
