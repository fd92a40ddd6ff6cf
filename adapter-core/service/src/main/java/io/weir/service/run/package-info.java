/** Who runs in a home: {@code run.json}. */
@NullMarked
package io.weir.service.run;

import org.jspecify.annotations.NullMarked;
