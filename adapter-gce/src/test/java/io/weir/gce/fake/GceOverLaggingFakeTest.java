package io.weir.gce.fake;

import io.weir.kit.CloudTarget;

/** The contract over a fake whose listings and labels are up to twenty seconds behind. */
class GceOverLaggingFakeTest extends GceOverFakeTest {
    @Override
    protected CloudTarget target() {
        return new FakeTarget(20);
    }
}
