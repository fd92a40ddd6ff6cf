@NullMarked
package io.weir.probe;

import org.jspecify.annotations.NullMarked;
