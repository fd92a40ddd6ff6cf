/** One beat after another: read, decide, remember, post. The room with the effects. */
@NullMarked
package io.weir.autoscaler.loop;

import org.jspecify.annotations.NullMarked;
