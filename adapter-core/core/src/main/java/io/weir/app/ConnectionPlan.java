package io.weir.app;

import io.weir.cloud.ConnectionSettings;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Kind;
import io.weir.guard.PacedDriver;
import io.weir.service.json.Fields;
import java.util.EnumMap;
import java.util.Map;

/**
 * A connection as the configuration declares it.
 *
 * @param settings the cloud's part
 * @param limits rates in place of those that the cloud is known to bear
 */
record ConnectionPlan(ConnectionSettings settings, Rates limits) {
    static Rates limits(Fields fields) {
        Map<Kind, Rates.Bucket> limits = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Rates.Bucket bucket = fields.optional(
                    PacedDriver.word(kind),
                    rate -> new Rates.Bucket(
                            rate.requiredNumber("perSecond", Rates.Bucket.LEAST, Rates.Bucket.MOST),
                            rate.requiredInt("burst", 1, Rates.Bucket.MOST)));
            if (bucket != null) {
                limits.put(kind, bucket);
            }
        }
        return new Rates(limits);
    }
}
