/** From what the policies want to one size, with the reason of every step. Pure. */
@NullMarked
package io.weir.autoscaler.decide;

import org.jspecify.annotations.NullMarked;
