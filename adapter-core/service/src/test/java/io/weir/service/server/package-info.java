@NullMarked
package io.weir.service.server;

import org.jspecify.annotations.NullMarked;
