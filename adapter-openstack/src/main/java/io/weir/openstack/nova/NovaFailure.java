package io.weir.openstack.nova;

import java.time.Duration;
import java.util.Optional;

/**
 * A call to OpenStack that did not do what was asked.
 *
 * @see NovaFailures what it means for a pool
 */
final class NovaFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** What is known of the call. */
    enum Fate {
        /** It never left this machine. */
        NOT_SENT,
        /** The service itself said no, in its own JSON. */
        REFUSED,
        /** Somebody answered, and not as the service does: a proxy, a crash, half an answer. */
        GARBLED,
        /** It was sent, and nothing came back. */
        SILENT
    }

    private final Fate fate;
    private final int status;
    private final String code;
    private final transient Optional<Duration> retryAfter;

    /**
     * @param status of HTTP; 0 if there is none
     * @param code the name of the error in the service's JSON, such as {@code itemNotFound}; empty if there is none
     * @param text the service's own sentence, or what happened
     */
    NovaFailure(Fate fate, int status, String code, String text, Optional<Duration> retryAfter) {
        super(text);
        this.fate = fate;
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    Fate fate() {
        return fate;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /**
     * Whether the service says that this very thing does not exist. A 404 alone says less: a proxy, a wrong path and a version that
     * the service does not speak answer so too.
     */
    boolean isAbsence(String id) {
        return fate == Fate.REFUSED && status == 404 && text().contains(id);
    }
}
