@NullMarked
package io.weir.service.log;

import org.jspecify.annotations.NullMarked;
