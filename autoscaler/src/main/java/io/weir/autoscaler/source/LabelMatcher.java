package io.weir.autoscaler.source;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A condition on one label, as in PromQL: a label that is not there is the empty text, and a pattern matches the whole value. */
record LabelMatcher(String label, Relation relation, String value, Predicate<String> test) {
    enum Relation {
        EQUAL("="),
        NOT_EQUAL("!="),
        LIKE("=~"),
        NOT_LIKE("!~");

        final String sign;

        Relation(String sign) {
            this.sign = sign;
        }
    }

    static LabelMatcher of(String label, Relation relation, String value) {
        Predicate<String> test =
                switch (relation) {
                    case EQUAL -> value::equals;
                    case NOT_EQUAL -> text -> !text.equals(value);
                    case LIKE -> pattern(value);
                    case NOT_LIKE -> pattern(value).negate();
                };
        return new LabelMatcher(label, relation, value, test);
    }

    private static Predicate<String> pattern(String text) {
        try {
            return Pattern.compile(text).asMatchPredicate();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no pattern: " + e.getDescription(), e);
        }
    }

    boolean matches(Series series) {
        return test.test(series.labels().getOrDefault(label, ""));
    }
}
