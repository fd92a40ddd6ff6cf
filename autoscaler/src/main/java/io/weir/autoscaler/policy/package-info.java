/** What each policy would do with the sizes of a pool. Pure. */
@NullMarked
package io.weir.autoscaler.policy;

import org.jspecify.annotations.NullMarked;
