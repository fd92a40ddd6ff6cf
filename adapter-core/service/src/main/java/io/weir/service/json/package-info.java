/** Reading and writing documents: strict on the way in, stable on the way out. */
@NullMarked
package io.weir.service.json;

import org.jspecify.annotations.NullMarked;
