package io.weir.aws.fake;

import io.weir.kit.CloudDriverContract;
import io.weir.kit.CloudTarget;

/** The contract over the fake as it is at rest: no lag. */
class Ec2OverFakeTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new FakeTarget(0);
    }
}
