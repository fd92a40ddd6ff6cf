@NullMarked
package io.weir.reconcile;

import org.jspecify.annotations.NullMarked;
