package io.weir.aws.fake;

import java.util.Collection;
import java.util.List;

/** What AWS says no with: an HTTP status, a code and a text. The texts are those that users of EC2 report. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    final int status;
    final String code;

    Refusal(int status, String code, String text) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    static Refusal client(String code, String text) {
        return new Refusal(400, code, text);
    }

    static Refusal missing(String parameter) {
        return client("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static Refusal value(String value, String parameter, String why) {
        return client(
                "InvalidParameterValue", "Value (" + value + ") for parameter " + parameter + " is invalid. " + why);
    }

    static Refusal value(String text) {
        return client("InvalidParameterValue", text);
    }

    static Refusal combination(String one, String other) {
        return client(
                "InvalidParameterCombination", "The parameter " + one + " cannot be used with the parameter " + other);
    }

    static Refusal noInstances(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        return client(
                "InvalidInstanceID.NotFound",
                all.size() == 1
                        ? "The instance ID '" + all.get(0) + "' does not exist"
                        : "The instance IDs '" + String.join(", ", all) + "' do not exist");
    }

    static Refusal malformed(String kind, String id) {
        return client(kind + ".Malformed", "Invalid id: \"" + id + "\"");
    }

    static Refusal throttled() {
        return new Refusal(503, "RequestLimitExceeded", "Request limit exceeded.");
    }

    /** What no AWS answers: the fake was asked for what it does not know, and does not pretend that it does. */
    static Refusal notInTheFake(String what) {
        return new Refusal(501, "NotInTheFake", "the fake does not know " + what);
    }
}
