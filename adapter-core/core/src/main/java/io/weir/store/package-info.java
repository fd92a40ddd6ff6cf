/** What must survive: pool states, events, the store's own identity. */
@NullMarked
package io.weir.store;

import org.jspecify.annotations.NullMarked;
