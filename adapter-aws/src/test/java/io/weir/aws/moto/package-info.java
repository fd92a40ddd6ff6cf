/** The outside witness: moto from PyPI, what it is right about and what it is known to differ in. */
@NullMarked
package io.weir.aws.moto;

import org.jspecify.annotations.NullMarked;
