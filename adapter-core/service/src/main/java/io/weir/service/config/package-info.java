/** Configuration files: strict, all problems at once, secrets by reference. */
@NullMarked
package io.weir.service.config;

import org.jspecify.annotations.NullMarked;
