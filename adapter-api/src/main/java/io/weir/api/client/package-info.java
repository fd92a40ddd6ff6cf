/** The Java client of a machine pool, for any adapter of version 2.0 or 5.0. */
@NullMarked
package io.weir.api.client;

import org.jspecify.annotations.NullMarked;
