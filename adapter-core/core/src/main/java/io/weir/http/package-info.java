/** The door: the machine-pool REST API over the front desk of each pool. Translates, calls one thing, translates back. */
@NullMarked
package io.weir.http;

import org.jspecify.annotations.NullMarked;
