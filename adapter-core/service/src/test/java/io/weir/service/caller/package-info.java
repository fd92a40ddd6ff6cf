@NullMarked
package io.weir.service.caller;

import org.jspecify.annotations.NullMarked;
