package io.weir.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.pool.MachineState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exactly the calls of the simulated cloud that the driver uses, in that cloud's own words. */
public interface SimulatedApi {

    /**
     * One page of the machines whose pool tag is one of these.
     *
     * @param page null for the first, else the {@code next} of the page before
     */
    Page machines(Set<String> pools, @Nullable String page) throws ApiFailure;

    /** Empty: there is no such machine, or none any more. */
    Optional<Machine> machine(String id) throws ApiFailure;

    List<Launched> launch(Launch launch) throws ApiFailure;

    List<Done> terminate(List<String> ids) throws ApiFailure;

    /** Sets tags of machines; a null value removes one. */
    List<Done> tag(Map<String, Map<String, @Nullable String>> tagsById) throws ApiFailure;

    Catalog catalog() throws ApiFailure;

    /** @param next null: this is the last page */
    record Page(
            Instant begun,
            List<Machine> machines,
            List<String> missing,
            List<Refusal> refusals,
            @Nullable String next) {}

    /**
     * A launch that was accepted earlier and failed since.
     *
     * @param id what remains of it; null: nothing
     */
    record Refusal(String name, @Nullable String id, String batch, String pool, ApiFailure.Code kind, String text) {}

    /**
     * Machines of one batch.
     *
     * @param token with the token of an earlier launch the same machines are meant; its other parameters must then be the same
     * @param frozen whatever else belongs to the launch, kept and compared, and not understood but for {@code publicAddress}
     */
    record Launch(
            String batch,
            @Nullable String token,
            String zone,
            String type,
            String market,
            String image,
            List<String> names,
            Map<String, String> tags,
            JsonNode frozen) {
        public Launch {
            require("batch", batch);
            require("zone", zone);
            require("type", type);
            require("market", market);
            require("image", image);
            require("names", names);
            require("tags", tags);
            require("frozen", frozen);
            tags.forEach(SimulatedApi::require);
            names.forEach(name -> require("names", name));
        }
    }

    /** What became of one name: an id, or why not. */
    record Launched(
            String name,
            @Nullable String id,
            ApiFailure.@Nullable Code kind,
            @Nullable String text) {}

    /** What became of one id: done where there is no kind. */
    record Done(
            String id,
            ApiFailure.@Nullable Code kind,
            @Nullable String text) {}

    record Catalog(List<String> zones, List<MachineType> types, Map<String, String> images) {}

    /** @param spot the price of an hour on the spot market */
    record MachineType(String name, BigDecimal price, BigDecimal spot) {}

    /**
     * One machine that was ever launched, whether it lives or not: a line of {@code GET /ledger}.
     *
     * @param price of an hour
     */
    record LedgerLine(
            String name,
            String id,
            @Nullable String pool,
            String batch,
            @Nullable String token,
            String zone,
            String type,
            String market,
            BigDecimal price,
            MachineState state,
            Instant launched,
            @Nullable Instant running,
            @Nullable Instant terminating,
            @Nullable Instant ended,
            @Nullable String cause,
            Map<String, String> tags,
            List<Membership> pools) {

        /** From the launch until the end was accepted or came by itself. */
        public boolean isAliveAt(Instant at) {
            return !launched.isAfter(at)
                    && (terminating == null || at.isBefore(terminating))
                    && (ended == null || at.isBefore(ended));
        }
    }

    /** Which pool's tag a machine bore from when on; null: none. */
    record Membership(Instant since, @Nullable String pool) {}

    private static void require(String field, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(field + ": is due");
        }
    }
}
