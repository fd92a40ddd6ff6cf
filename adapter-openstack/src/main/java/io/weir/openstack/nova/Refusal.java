package io.weir.openstack.nova;

import org.openstack4j.api.exceptions.ResponseException;

/** An answer that is not 2xx, as it came. */
final class Refusal extends ResponseException {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    Refusal(Answer answer) {
        super("HTTP " + answer.getStatus(), answer.getStatus());
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
