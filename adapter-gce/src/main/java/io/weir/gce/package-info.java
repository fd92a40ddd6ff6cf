/** Google Compute Engine as a cloud of an adapter: how its connections and its section are configured. */
@NullMarked
package io.weir.gce;

import org.jspecify.annotations.NullMarked;
