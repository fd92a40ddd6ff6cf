/** The cloud SPI: one interface, a few records, one exception. {@code docs/driver-contract.md} is its contract in prose. */
@NullMarked
package io.weir.driver;

import org.jspecify.annotations.NullMarked;
