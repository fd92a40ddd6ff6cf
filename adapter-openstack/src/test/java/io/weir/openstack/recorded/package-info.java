/** The same requests to a real OpenStack and to the fake: what was recorded, and how the two differ. */
@NullMarked
package io.weir.openstack.recorded;

import org.jspecify.annotations.NullMarked;
