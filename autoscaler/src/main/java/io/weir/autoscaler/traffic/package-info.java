/** Recorded load, played again as a metrics endpoint. */
@NullMarked
package io.weir.autoscaler.traffic;

import org.jspecify.annotations.NullMarked;
