@NullMarked
package io.weir.aws.ec2;

import org.jspecify.annotations.NullMarked;
