/** The one room that knows OpenStack's APIs and openstack4j: a driver of the SPI over Nova, Neutron, Glance and Cinder. */
@NullMarked
package io.weir.openstack.nova;

import org.jspecify.annotations.NullMarked;
