/** AWS as a cloud of an adapter: how its connections and its section are configured. */
@NullMarked
package io.weir.aws;

import org.jspecify.annotations.NullMarked;
