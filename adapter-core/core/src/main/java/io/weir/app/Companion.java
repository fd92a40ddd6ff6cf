package io.weir.app;

/** What runs beside an adapter and ends with it. */
interface Companion {
    Companion NONE = new Companion() {
        @Override
        public void start() {}

        @Override
        public void watch() {}

        @Override
        public void stop() {}
    };

    void start() throws InterruptedException;

    /** Looks after it until {@link #stop}, on a thread of its own. */
    void watch();

    void stop();
}
