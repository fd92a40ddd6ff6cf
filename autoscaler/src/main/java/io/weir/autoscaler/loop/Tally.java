package io.weir.autoscaler.loop;

import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.target.Posted;
import java.time.Duration;

/** Hears what happens to targets, for whoever counts it. */
public interface Tally {
    void decided(String target, Decision decision);

    void posted(String target, Posted posted);

    void beat(String target, Duration took);

    /** Nobody counts. */
    Tally NONE = new Tally() {
        @Override
        public void decided(String target, Decision decision) {}

        @Override
        public void posted(String target, Posted posted) {}

        @Override
        public void beat(String target, Duration took) {}
    };
}
