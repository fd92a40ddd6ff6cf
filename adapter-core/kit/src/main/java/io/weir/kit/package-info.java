/** The driver contract kit and the simulation harness. */
@NullMarked
package io.weir.kit;

import org.jspecify.annotations.NullMarked;
