/** What a service shows of itself: metrics and readiness. */
@NullMarked
package io.weir.service.metrics;

import org.jspecify.annotations.NullMarked;
