/** The plumbing that every Weir service shares. */
@NullMarked
package io.weir.service;

import org.jspecify.annotations.NullMarked;
