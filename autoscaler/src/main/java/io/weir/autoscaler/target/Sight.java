package io.weir.autoscaler.target;

import io.weir.api.client.ETag;
import io.weir.autoscaler.policy.PoolSeen;
import java.util.Optional;

/** What one look at an adapter's pool brought. */
public sealed interface Sight {
    /** The pool; the tag of its size if the adapter gives one; and who holds the size, if the adapter tells and somebody does. */
    record Seen(PoolSeen pool, Optional<ETag> tag, Optional<Hold> hold) implements Sight {}

    /** The adapter did not answer, or not with a size. */
    record Unseen(String why) implements Sight {}
}
