/** The adapters' pools as the autoscaler sees them, and posting sizes to them. */
@NullMarked
package io.weir.autoscaler.target;

import org.jspecify.annotations.NullMarked;
