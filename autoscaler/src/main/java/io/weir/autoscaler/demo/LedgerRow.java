package io.weir.autoscaler.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One machine that the cloud ever launched.
 *
 * @param pool what its mark says now, {@code weir-pool}; null: it bears no mark
 * @param terminating when the cloud accepted its end
 * @param cause what ended it
 */
public record LedgerRow(
        String name,
        String id,
        @Nullable String pool,
        String zone,
        Instant launched,
        @Nullable Instant running,
        @Nullable Instant terminating,
        @Nullable Instant ended,
        @Nullable String cause) {

    /** The ledger as the cloud sends it: a JSON document on each line. */
    public static List<LedgerRow> read(String lines) {
        var json = new ObjectMapper();
        List<LedgerRow> rows = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            if (!line.isBlank()) {
                try {
                    rows.add(of(json.readTree(line)));
                } catch (JsonProcessingException unreadable) {
                    throw new IllegalArgumentException("a line of the ledger cannot be read: " + line, unreadable);
                }
            }
        }
        return rows;
    }

    private static LedgerRow of(JsonNode line) {
        return new LedgerRow(
                line.path("name").asText(),
                line.path("id").asText(),
                line.path("pool").asText(null),
                line.path("zone").asText(),
                Instant.parse(line.path("launched").asText()),
                instant(line.path("running")),
                instant(line.path("terminating")),
                instant(line.path("ended")),
                line.path("cause").asText(null));
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isTextual() ? Instant.parse(node.asText()) : null;
    }

    /** When it was no longer there to work: its end was accepted, or it ended by itself. */
    public Instant gone() {
        Instant accepted = terminating == null ? Instant.MAX : terminating;
        Instant over = ended == null ? Instant.MAX : ended;
        Instant first = accepted.isBefore(over) ? accepted : over;
        return first.isBefore(launched) ? launched : first;
    }

    /** From its launch until its end was accepted or came by itself. */
    public Span alive() {
        return new Span(launched, gone());
    }

    /** The part of its life in which it could work. */
    public Optional<Span> working() {
        return running == null || !running.isBefore(gone()) ? Optional.empty() : Optional.of(new Span(running, gone()));
    }
}
