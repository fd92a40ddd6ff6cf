/** {@code weir pool}: an adapter's pools from the command line, over mutual TLS. */
@NullMarked
package io.weir.app.pool;

import org.jspecify.annotations.NullMarked;
