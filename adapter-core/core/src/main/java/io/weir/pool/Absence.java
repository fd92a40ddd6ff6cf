package io.weir.pool;

import java.time.Instant;

/**
 * What speaks for a machine being gone: complete listings of its scope that did not show it.
 *
 * @param first begin of the first such listing
 * @param last begin of the last one counted
 * @param listings how many, each far enough after the one before
 */
public record Absence(Instant first, Instant last, int listings) {
    public Absence again(Instant begun) {
        return new Absence(first, begun, listings + 1);
    }
}
