@NullMarked
package io.weir.app.bench;

import org.jspecify.annotations.NullMarked;
