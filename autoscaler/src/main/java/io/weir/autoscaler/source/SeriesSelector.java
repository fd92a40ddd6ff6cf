package io.weir.autoscaler.source;

import io.weir.autoscaler.source.LabelMatcher.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which series are meant, written as in PromQL: {@code http_requests_total{job="web",code!~"5.."}}. */
public final class SeriesSelector {
    private static final Pattern WHOLE =
            Pattern.compile("\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{(.*)\\}\\s*)?", Pattern.DOTALL);
    private static final Pattern MATCHER = Pattern.compile(
            "\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(,|$)", Pattern.DOTALL);

    private final String text;
    private final String name;
    private final List<LabelMatcher> matchers;

    private SeriesSelector(String text, String name, List<LabelMatcher> matchers) {
        this.text = text;
        this.name = name;
        this.matchers = List.copyOf(matchers);
    }

    /** @throws IllegalArgumentException saying what is wrong */
    public static SeriesSelector of(String text) {
        Matcher whole = WHOLE.matcher(text);
        if (!whole.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" selects no series: write a name, or name{label=\"value\"}");
        }
        var matchers = new ArrayList<LabelMatcher>();
        String inside = whole.group(2) == null ? "" : whole.group(2);
        Matcher one = MATCHER.matcher(inside);
        int end = 0;
        while (end < inside.length() && !inside.substring(end).isBlank()) {
            if (!one.find(end) || one.start() != end) {
                throw new IllegalArgumentException("\"" + inside.substring(end).strip()
                        + "\" is no label condition: write label=\"value\", or with != =~ !~");
            }
            matchers.add(LabelMatcher.of(one.group(1), relation(one.group(2)), unescaped(one.group(3))));
            end = one.end();
        }
        return new SeriesSelector(text.strip(), whole.group(1), matchers);
    }

    private static Relation relation(String sign) {
        for (Relation relation : Relation.values()) {
            if (relation.sign.equals(sign)) {
                return relation;
            }
        }
        throw new IllegalArgumentException(sign);
    }

    private static String unescaped(String value) {
        return value.replace("\\n", "\n").replaceAll("\\\\([\"\\\\])", "$1");
    }

    String name() {
        return name;
    }

    boolean matches(Series series) {
        return series.name().equals(name) && matchers.stream().allMatch(matcher -> matcher.matches(series));
    }

    @Override
    public String toString() {
        return text;
    }
}
