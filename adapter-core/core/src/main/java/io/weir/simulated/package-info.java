/** A whole cloud with a ledger of its own and a dial for every fault, and the driver for it. {@code docs/simulated-cloud.md}. */
@NullMarked
package io.weir.simulated;

import org.jspecify.annotations.NullMarked;
