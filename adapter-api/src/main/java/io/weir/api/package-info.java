/** The messages of the machine-pool REST API, versions 2.0 and 5.0 and Weir's own layer. */
@NullMarked
package io.weir.api;

import org.jspecify.annotations.NullMarked;
