/** The simulated cloud as a process: its own API over plain HTTP, on the loopback address only. */
@NullMarked
package io.weir.simulated.http;

import org.jspecify.annotations.NullMarked;
