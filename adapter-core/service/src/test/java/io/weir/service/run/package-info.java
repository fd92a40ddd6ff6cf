@NullMarked
package io.weir.service.run;

import org.jspecify.annotations.NullMarked;
