/** The adapter for OpenStack: its main class, its configuration, and how a connection is built from it. */
@NullMarked
package io.weir.openstack;

import org.jspecify.annotations.NullMarked;
