/** The composition root: configuration, clocks, threads, wiring. */
@NullMarked
package io.weir.autoscaler.app;

import org.jspecify.annotations.NullMarked;
