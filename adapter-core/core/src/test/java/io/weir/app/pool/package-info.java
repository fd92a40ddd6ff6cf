@NullMarked
package io.weir.app.pool;

import org.jspecify.annotations.NullMarked;
