@NullMarked
package io.weir.simulated;

import org.jspecify.annotations.NullMarked;
