/** What was measured: samples that say how far they can be trusted, windows of points, and the one gate that numbers pass. Pure. */
@NullMarked
package io.weir.autoscaler.metric;

import org.jspecify.annotations.NullMarked;
