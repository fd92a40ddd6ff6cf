@NullMarked
package io.weir.service.database;

import org.jspecify.annotations.NullMarked;
