/**
 * An OpenStack that is none: Keystone, Nova, Glance, Neutron and Cinder as far as a pool of machines uses them, with dials for what
 * a real one does not do on demand. {@code docs/clouds/openstack-fake.md} says of every behaviour where it was seen.
 */
@NullMarked
package io.weir.openstack.fake;

import org.jspecify.annotations.NullMarked;
