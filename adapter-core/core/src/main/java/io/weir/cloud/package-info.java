/** What one cloud brings to an adapter: its name, how its configuration is read, and its connections. */
@NullMarked
package io.weir.cloud;

import org.jspecify.annotations.NullMarked;
