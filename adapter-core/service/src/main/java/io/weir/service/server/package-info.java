/** The HTTPS server of a service and its management port. */
@NullMarked
package io.weir.service.server;

import org.jspecify.annotations.NullMarked;
