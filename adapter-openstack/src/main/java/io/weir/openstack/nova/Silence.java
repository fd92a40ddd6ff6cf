package io.weir.openstack.nova;

import org.openstack4j.api.exceptions.ConnectionException;

/** No answer, or not a whole one. What was never sent did not happen; what was sent may have. */
final class Silence extends ConnectionException {
    private static final long serialVersionUID = 1;

    private final boolean sent;

    Silence(String message, boolean sent, Throwable cause) {
        super(message, 0, cause);
        this.sent = sent;
    }

    boolean sent() {
        return sent;
    }
}
