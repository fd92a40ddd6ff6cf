/** The embedded database of a service. */
@NullMarked
package io.weir.service.database;

import org.jspecify.annotations.NullMarked;
