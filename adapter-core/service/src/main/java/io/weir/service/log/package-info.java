/** Log lines that a person can follow, or a machine. */
@NullMarked
package io.weir.service.log;

import org.jspecify.annotations.NullMarked;
