@NullMarked
package io.weir.openstack;

import org.jspecify.annotations.NullMarked;
