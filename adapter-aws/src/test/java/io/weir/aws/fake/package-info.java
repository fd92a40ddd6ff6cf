/** A stateful EC2 of our own, with as much of STS and SSM as a driver needs: {@code docs/clouds/aws-fake.md}. */
@NullMarked
package io.weir.aws.fake;

import org.jspecify.annotations.NullMarked;
