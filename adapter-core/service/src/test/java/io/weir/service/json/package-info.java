@NullMarked
package io.weir.service.json;

import org.jspecify.annotations.NullMarked;
