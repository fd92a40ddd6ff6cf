/** What a refused or failed call answers. */
@NullMarked
package io.weir.service.error;

import org.jspecify.annotations.NullMarked;
