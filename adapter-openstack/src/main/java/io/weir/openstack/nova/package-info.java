/** The driver room of OpenStack: the only place where openstack4j is imported. */
@NullMarked
package io.weir.openstack.nova;

import org.jspecify.annotations.NullMarked;
