/** The certificate authority of a fleet, and the reading of keys and certificates. */
@NullMarked
package io.weir.certs;

import org.jspecify.annotations.NullMarked;
