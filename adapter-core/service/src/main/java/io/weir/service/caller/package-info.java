/** Who calls, what they may do, and how much of it at once. */
@NullMarked
package io.weir.service.caller;

import org.jspecify.annotations.NullMarked;
