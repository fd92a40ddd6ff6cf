/** The driver room of EC2: the only place where the AWS SDK is imported. */
@NullMarked
package io.weir.aws.ec2;

import org.jspecify.annotations.NullMarked;
