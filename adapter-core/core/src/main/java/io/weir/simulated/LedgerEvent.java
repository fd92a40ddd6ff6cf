package io.weir.simulated;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of a change before it is answered. It carries the future as it was drawn (when a machine will run, die
 * or be gone), so that a cloud that was down wakes up as if it had never slept.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LedgerEvent.Launched.class, name = "launched"),
    @JsonSubTypes.Type(value = LedgerEvent.Ending.class, name = "ending"),
    @JsonSubTypes.Type(value = LedgerEvent.Tagged.class, name = "tagged")
})
public sealed interface LedgerEvent {

    /** One launch call, with the machines that it brought. */
    record Launched(Instant at, SimulatedApi.Launch launch, List<Birth> machines) implements LedgerEvent {}

    /**
     * @param running null: never
     * @param ended null: not by itself
     * @param cause why it will have ended by itself
     * @param refused what a launch that will fail says then
     * @param remains whether it is then shown, and takes room, until somebody ends it
     * @param network the first half of its private address; null: the default
     */
    record Birth(
            String id,
            String name,
            @Nullable Instant running,
            @Nullable Instant ended,
            @Nullable String cause,
            ApiFailure.@Nullable Code refused,
            boolean remains,
            @Nullable String network) {

        Birth in(String privateNetwork) {
            return new Birth(id, name, running, ended, cause, refused, remains, privateNetwork);
        }
    }

    /** @param ended when it is gone; of what remains of a failed launch: when that is gone; null: it hangs */
    record Ending(
            String id,
            @Nullable Instant terminating,
            @Nullable Instant ended,
            String cause) implements LedgerEvent {}

    record Tagged(Instant at, String id, Map<String, String> tags) implements LedgerEvent {}
}
