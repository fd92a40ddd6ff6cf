/** The turn journal: what went into every turn and what came out, and its replay. */
@NullMarked
package io.weir.journal;

import org.jspecify.annotations.NullMarked;
