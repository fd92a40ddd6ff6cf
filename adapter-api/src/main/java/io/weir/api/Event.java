package io.weir.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a pool, or that Weir did to it, in one sentence with its reason.
 *
 * @param id grows within an adapter; where a reader goes on from
 * @param kind a short constant word, as {@code machine.launched}
 * @param machine the machine it is about, if it is about one
 * @param by who asked for it: a certificate's role and name, or Weir itself
 */
public record Event(
        long id,
        Instant at,
        String pool,
        String kind,
        String text,
        @Nullable String machine,
        String by) {}
