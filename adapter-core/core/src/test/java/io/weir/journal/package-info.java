@NullMarked
package io.weir.journal;

import org.jspecify.annotations.NullMarked;
