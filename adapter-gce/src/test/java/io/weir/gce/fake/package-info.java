/** A stateful Compute Engine of our own, behind its REST API: {@code docs/clouds/gce-fake.md}. */
@NullMarked
package io.weir.gce.fake;

import org.jspecify.annotations.NullMarked;
