package io.weir.autoscaler.source;

import io.weir.autoscaler.source.Exposition.Kind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Prometheus text exposition format, version 0.0.4, with the quoted names of 1.0.0, and as much of OpenMetrics
 * 1.0 as differs from it in a series line. (Maven Central has writers of these formats, and no reader that is kept up.)
 *
 * <ol>
 *   <li>One line is one series, a comment, or nothing; the last one ends with a line feed, so a text that was cut off is none.
 *   <li>{@code # TYPE} tells the type of a family; other comments say nothing here. {@code # EOF} ends an OpenMetrics text.
 *   <li>A series is {@code name{label="value",...} value [stamp]}, or with the name quoted inside the braces. In label values
 *       {@code \\}, {@code \"} and {@code \n} are escaped.
 *   <li>A stamp counts milliseconds, in OpenMetrics seconds. What follows a {@code #} (an exemplar) is passed over.
 *   <li>A line that is none of this, and a series that comes twice, make the whole text unreadable: half a text must not
 *       look like a small load.
 * </ol>
 */
final class ExpositionReader {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private final String text;
    private final boolean openMetrics;
    private int at;
    private int line = 1;

    private ExpositionReader(String text, boolean openMetrics) {
        this.text = text;
        this.openMetrics = openMetrics;
    }

    /** A text that is no exposition. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(int line, String what) {
            super("line " + line + ": " + what);
        }
    }

    static Exposition read(String text, boolean openMetrics) throws Unreadable {
        return new ExpositionReader(text, openMetrics).read();
    }

    private Exposition read() throws Unreadable {
        List<Series> series = new ArrayList<>();
        Map<String, Kind> kinds = new HashMap<>();
        Set<String> known = new HashSet<>();
        for (; at < text.length(); line++) {
            blanks();
            if (peek() == '#') {
                if (comment(kinds)) {
                    return new Exposition(series, kinds);
                }
            } else if (peek() != '\n') {
                Series one = series();
                if (!known.add(one.identity())) {
                    throw unreadable(one.identity() + " comes twice");
                }
                series.add(one);
            }
            expect('\n');
        }
        if (openMetrics) {
            throw unreadable("the text ends without # EOF, so it was cut off");
        }
        return new Exposition(series, kinds);
    }

    /** @return whether it was the end mark */
    private boolean comment(Map<String, Kind> kinds) throws Unreadable {
        int end = text.indexOf('\n', at);
        if (end < 0) {
            end = text.length();
        }
        String[] words = text.substring(at, end).strip().split("[ \t]+", 4);
        at = end;
        if (words.length == 4 && words[0].equals("#") && words[1].equals("TYPE")) {
            kinds.put(unquoted(words[2]), kind(words[3].strip()));
        }
        return openMetrics && words.length == 2 && words[0].equals("#") && words[1].equals("EOF");
    }

    private static String unquoted(String name) {
        return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
                ? name.substring(1, name.length() - 1)
                : name;
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "counter" -> Kind.COUNTER;
            case "gauge" -> Kind.GAUGE;
            case "histogram", "summary" -> Kind.DISTRIBUTION;
            default -> Kind.UNKNOWN;
        };
    }

    private Series series() throws Unreadable {
        @Nullable String name = peek() == '{' ? null : name(true);
        Map<String, String> labels = new TreeMap<>();
        blanks();
        if (peek() == '{') {
            at++;
            name = labels(name, labels);
            blanks();
        }
        if (name == null) {
            throw unreadable("a series without a name");
        }
        double value = value(word("a value"));
        blanks();
        @Nullable Instant stamp = null;
        if (peek() != '\n' && peek() != '#') {
            stamp = stamp(word("a stamp"));
            blanks();
        }
        if (peek() == '#' && openMetrics) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        }
        return new Series(name, labels, value, stamp);
    }

    /** Up to the closing brace; the name of the series if it stands among them. */
    private @Nullable String labels(@Nullable String outside, Map<String, String> labels) throws Unreadable {
        @Nullable String name = outside;
        for (blanks(); peek() != '}'; blanks()) {
            boolean quoted = peek() == '"';
            String word = quoted ? quoted() : name(false);
            blanks();
            if (quoted && peek() != '=') {
                if (name != null) {
                    throw unreadable("a series with two names, " + name + " and " + word);
                }
                name = word;
            } else {
                expect('=');
                blanks();
                if (labels.put(word, quoted()) != null) {
                    throw unreadable("the label " + word + " comes twice");
                }
                blanks();
            }
            if (peek() == ',') {
                at++;
            } else if (peek() != '}') {
                throw unreadable("a comma or } is due after a label, not " + shown());
            }
        }
        at++;
        return name;
    }

    private String name(boolean colons) throws Unreadable {
        int start = at;
        while (at < text.length() && inName(text.charAt(at), at > start, colons)) {
            at++;
        }
        if (at == start) {
            throw unreadable("a name is due, not " + shown());
        }
        return text.substring(start, at);
    }

    private static boolean inName(char c, boolean later, boolean colons) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (colons && c == ':')
                || (later && c >= '0' && c <= '9');
    }

    private String quoted() throws Unreadable {
        expect('"');
        var value = new StringBuilder();
        while (peek() != '"') {
            if (at == text.length() || peek() == '\n') {
                throw unreadable("a quote that does not end");
            }
            char c = text.charAt(at++);
            if (c == '\\') {
                char escaped = peek();
                switch (escaped) {
                    case '\\', '"' -> value.append(escaped);
                    case 'n' -> value.append('\n');
                    default -> throw unreadable("\\" + escaped + " is no escape");
                }
                at++;
            } else {
                value.append(c);
            }
        }
        at++;
        return value.toString();
    }

    private String word(String what) throws Unreadable {
        int start = at;
        while (at < text.length() && " \t\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw unreadable(what + " is due, not " + shown());
        }
        return text.substring(start, at);
    }

    private double value(String word) throws Unreadable {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> {
                return Double.NaN;
            }
            case "+inf", "inf", "+infinity", "infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                // Java also takes 1d, 1f and blanks around a number, which no other reader does.
                if (NUMBER.matcher(word).matches()) {
                    return Double.parseDouble(word);
                }
                throw unreadable("\"" + word + "\" is no number");
            }
        }
    }

    private Instant stamp(String word) throws Unreadable {
        try {
            return openMetrics
                    ? Instant.ofEpochMilli(
                            new BigDecimal(word).movePointRight(3).longValue())
                    : Instant.ofEpochMilli(Long.parseLong(word));
        } catch (NumberFormatException | DateTimeException noStamp) {
            throw unreadable("\"" + word + "\" is no stamp");
        }
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /** The next character; at the end of the text a zero, which is no part of any line. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char due) throws Unreadable {
        if (peek() != due) {
            throw unreadable((due == '\n' ? "the end of the line" : "\"" + due + "\"") + " is due, not " + shown());
        }
        at++;
    }

    private String shown() {
        return at < text.length() ? "\"" + (peek() == '\n' ? "\\n" : peek()) + "\"" : "the end of the text";
    }

    private Unreadable unreadable(String what) {
        return new Unreadable(line, what);
    }
}
