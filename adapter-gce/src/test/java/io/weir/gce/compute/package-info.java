@NullMarked
package io.weir.gce.compute;

import org.jspecify.annotations.NullMarked;
