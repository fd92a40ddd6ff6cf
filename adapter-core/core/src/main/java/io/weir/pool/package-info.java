/** The nouns of a machine pool. Pure: values without I/O, clock, thread, logger or randomness. */
@NullMarked
package io.weir.pool;

import org.jspecify.annotations.NullMarked;
