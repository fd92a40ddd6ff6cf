/** Where everything is put together; nobody depends on it. */
@NullMarked
package io.weir.app;

import org.jspecify.annotations.NullMarked;
