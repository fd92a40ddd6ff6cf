@NullMarked
package io.weir.plan;

import org.jspecify.annotations.NullMarked;
