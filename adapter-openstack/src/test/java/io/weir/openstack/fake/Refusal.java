package io.weir.openstack.fake;

/** A service says no, in its own words. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    Refusal(Answer answer) {
        super(answer.status() + " " + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
