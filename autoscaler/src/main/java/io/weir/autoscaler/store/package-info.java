/** What survives a restart: cool-downs, pauses, and decisions with their inputs. */
@NullMarked
package io.weir.autoscaler.store;

import org.jspecify.annotations.NullMarked;
