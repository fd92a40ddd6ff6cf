@NullMarked
package io.weir.service;

import org.jspecify.annotations.NullMarked;
