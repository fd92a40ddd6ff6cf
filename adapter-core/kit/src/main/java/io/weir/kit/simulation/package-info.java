/** Whole lives of a pool in virtual time, drawn from seeds and judged by the cloud's ledger. */
@NullMarked
package io.weir.kit.simulation;

import org.jspecify.annotations.NullMarked;
