@NullMarked
package io.weir.kit;

import org.jspecify.annotations.NullMarked;
