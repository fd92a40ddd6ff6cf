@NullMarked
package io.weir.gce;

import org.jspecify.annotations.NullMarked;
