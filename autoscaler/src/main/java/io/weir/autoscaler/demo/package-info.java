/** A day of real traffic on a whole fleet, and what the cloud's ledger says of it. */
@NullMarked
package io.weir.autoscaler.demo;

import org.jspecify.annotations.NullMarked;
