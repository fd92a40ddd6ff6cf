package io.weir.api.client;

import java.time.Duration;

/** How long a client waits, and how large an answer it takes. Real time, whatever the time scale. */
public record Patience(Duration connect, Duration answer, int maxAnswerBytes) {
    public static final Patience DEFAULT = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(15), 32 << 20);

    public Patience {
        if (connect.isNegative() || connect.isZero() || answer.isNegative() || answer.isZero() || maxAnswerBytes < 1) {
            throw new IllegalArgumentException(
                    "a client needs time and room: " + connect + ", " + answer + ", " + maxAnswerBytes + " bytes");
        }
    }
}
