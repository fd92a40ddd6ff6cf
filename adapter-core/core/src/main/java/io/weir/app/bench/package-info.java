/** What measures and tries Weir on this machine: it drives the program from outside, as processes of its own. */
@NullMarked
package io.weir.app.bench;

import org.jspecify.annotations.NullMarked;
