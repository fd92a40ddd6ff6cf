/** Where measurements come from: text endpoints read directly, and Prometheus servers. */
@NullMarked
package io.weir.autoscaler.source;

import org.jspecify.annotations.NullMarked;
