/** The driver room of Compute Engine: the only place where Google's client is imported. */
@NullMarked
package io.weir.gce.compute;

import org.jspecify.annotations.NullMarked;
