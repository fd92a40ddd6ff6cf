@NullMarked
package io.weir.kit.simulation;

import org.jspecify.annotations.NullMarked;
