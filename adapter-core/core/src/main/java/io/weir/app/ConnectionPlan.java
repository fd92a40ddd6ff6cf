package io.weir.app;

import io.weir.cloud.ConnectionSettings;

/** A connection as the configuration declares it: the cloud's part. */
record ConnectionPlan(ConnectionSettings settings) {}
