@NullMarked
package io.weir.openstack.nova;

import org.jspecify.annotations.NullMarked;
