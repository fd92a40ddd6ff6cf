/** Metrics in, desired sizes out. */
@NullMarked
package io.weir.autoscaler;

import org.jspecify.annotations.NullMarked;
