/** The autoscaler's own door. */
@NullMarked
package io.weir.autoscaler.http;

import org.jspecify.annotations.NullMarked;
