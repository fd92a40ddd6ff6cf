@NullMarked
package io.weir.service.config;

import org.jspecify.annotations.NullMarked;
