@NullMarked
package io.weir.aws;

import org.jspecify.annotations.NullMarked;
