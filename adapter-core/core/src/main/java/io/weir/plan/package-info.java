/**
 * Decides what one turn does. Pure: values in, values out; no I/O, clock, thread, logger or randomness, and blind to the order
 * in which a listing came.
 */
@NullMarked
package io.weir.plan;

import org.jspecify.annotations.NullMarked;
