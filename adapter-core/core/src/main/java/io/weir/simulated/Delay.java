package io.weir.simulated;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How long something takes, in seconds of the cloud's time, as a distribution. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Delay.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Delay.Uniform.class, name = "uniform"),
    @JsonSubTypes.Type(value = Delay.Lognormal.class, name = "lognormal")
})
public sealed interface Delay {

    record Fixed(double value) implements Delay {
        public Fixed {
            Dials.requireSeconds("value", value);
        }
    }

    record Uniform(double min, double max) implements Delay {
        public Uniform {
            Dials.requireSeconds("min", min);
            Dials.requireSeconds("max", max);
            if (max < min) {
                throw new IllegalArgumentException("max " + max + " is below min " + min);
            }
        }
    }

    /** A long tail: half take longer than the median, a few very much longer. */
    record Lognormal(double median, double sigma) implements Delay {
        public Lognormal {
            Dials.requireSeconds("median", median);
            if (!(sigma >= 0 && sigma <= 3)) {
                throw new IllegalArgumentException("sigma is " + sigma + ", not from 0 to 3");
            }
        }
    }
}
