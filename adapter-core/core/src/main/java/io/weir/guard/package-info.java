/** Decorators of the cloud SPI: what must hold for every driver and is no driver's business. */
@NullMarked
package io.weir.guard;

import org.jspecify.annotations.NullMarked;
