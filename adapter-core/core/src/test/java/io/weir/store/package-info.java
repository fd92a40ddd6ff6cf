@NullMarked
package io.weir.store;

import org.jspecify.annotations.NullMarked;
