@NullMarked
package io.weir.api.client;

import org.jspecify.annotations.NullMarked;
