package io.weir.driver;

import java.time.Duration;
import java.util.Optional;

/**
 * What a cloud promises about time.
 *
 * @param lag how far behind a listing may be
 * @param lateness how long after a client's time-out a call may still land
 * @param tokenMemory how long a repeated launch is known to be the same; empty: there are no tokens, look before repeating
 * @param batchMax the most machines in one launch call
 */
public record Promises(Duration lag, Duration lateness, Optional<Duration> tokenMemory, int batchMax) {}
