/** Health probes: the adapter itself looks whether the services of its machines answer. */
@NullMarked
package io.weir.probe;

import org.jspecify.annotations.NullMarked;
