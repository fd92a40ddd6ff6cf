/** The loop that holds a pool at its level: the room with the effects. */
@NullMarked
package io.weir.reconcile;

import org.jspecify.annotations.NullMarked;
