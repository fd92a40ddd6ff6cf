@NullMarked
package io.weir.simulated.http;

import org.jspecify.annotations.NullMarked;
