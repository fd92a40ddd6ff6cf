package io.weir.gce.fake;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The filter of a listing, as Compute's reference describes it: {@code field op value}, joined by AND, OR, NOT, brackets, and by mere
 * standing side by side, which is AND.
 *
 * <ol>
 *   <li>A field is a path of JSON names; the last name may be a key of a map: {@code labels.weir-pool}.
 *   <li>{@code =} and {@code !=} compare text, numbers and truth; {@code <}, {@code >}, {@code <=}, {@code >=} numbers and text;
 *       {@code :*} is whether a field is there; {@code :} is whether the text is in it; {@code eq} and {@code ne} are a regular expression
 *       that has to match the whole.
 *   <li>What is not there equals nothing.
 *   <li>A field that the listed resource does not have is a mistake.
 * </ol>
 */
final class Filter {
    private final List<String> words;
    private final Message kind;
    private int at;

    private Filter(String text, Message kind) throws Refusal {
        this.words = words(text);
        this.kind = kind;
    }

    /** @param kind what is listed, to know its fields */
    static Predicate<Message> of(String text, Message kind) throws Refusal {
        if (text.isBlank()) {
            return message -> true;
        }
        Filter filter = new Filter(text, kind);
        Predicate<Message> parsed = filter.any();
        if (filter.at < filter.words.size()) {
            throw wrong(text);
        }
        return parsed;
    }

    private static Refusal wrong(String text) {
        return Refusal.invalid("filter", text, "Invalid list filter expression.");
    }

    private Predicate<Message> any() throws Refusal {
        Predicate<Message> found = all();
        while (take("OR")) {
            found = found.or(all());
        }
        return found;
    }

    private Predicate<Message> all() throws Refusal {
        Predicate<Message> found = one();
        while (at < words.size() && !peek().equals(")") && !peek().equals("OR")) {
            take("AND");
            found = found.and(one());
        }
        return found;
    }

    private Predicate<Message> one() throws Refusal {
        if (take("NOT") || take("-")) {
            return one().negate();
        }
        if (take("(")) {
            Predicate<Message> inner = any();
            if (!take(")")) {
                throw wrong(String.join(" ", words));
            }
            return inner;
        }
        return comparison();
    }

    private Predicate<Message> comparison() throws Refusal {
        String path = next();
        String operator = next();
        String value = unquoted(next());
        List<String> names = List.of(path.split("\\.", -1));
        if (!isKnown(kind, names)) {
            throw Refusal.invalid("filter", String.join(" ", words), "Invalid field '" + path + "' in the filter.");
        }
        return switch (operator) {
            case "=" -> message -> read(message, names).filter(value::equals).isPresent();
            case "!=" -> message -> read(message, names).filter(value::equals).isEmpty();
            case ":" -> {
                boolean any = value.equals("*");
                yield message -> read(message, names)
                        .filter(text -> any || text.contains(value))
                        .isPresent();
            }
            case "<", ">", "<=", ">=" ->
                message -> read(message, names)
                        .filter(text -> holds(operator, compare(text, value)))
                        .isPresent();
            case "eq", "ne" -> {
                Pattern pattern = pattern(value);
                boolean equal = operator.equals("eq");
                yield message -> equal
                        == read(message, names)
                                .filter(text -> pattern.matcher(text).matches())
                                .isPresent();
            }
            default -> throw wrong(String.join(" ", words));
        };
    }

    private static Pattern pattern(String value) throws Refusal {
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException no) {
            throw wrong(value);
        }
    }

    private static boolean holds(String operator, int comparison) {
        return switch (operator) {
            case "<" -> comparison < 0;
            case ">" -> comparison > 0;
            case "<=" -> comparison <= 0;
            default -> comparison >= 0;
        };
    }

    private static int compare(String one, String other) {
        try {
            return Double.compare(Double.parseDouble(one), Double.parseDouble(other));
        } catch (NumberFormatException text) {
            return one.compareTo(other);
        }
    }

    private static boolean isKnown(Message kind, List<String> names) {
        Optional<FieldDescriptor> field = field(kind, names.get(0));
        if (field.isEmpty()) {
            return false;
        }
        if (field.get().isMapField()) {
            return names.size() == 2;
        }
        if (field.get().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return names.size() == 1;
        }
        return names.size() > 1
                && isKnown(
                        kind.newBuilderForType().newBuilderForField(field.get()).buildPartial(),
                        names.subList(1, names.size()));
    }

    private static Optional<FieldDescriptor> field(Message message, String name) {
        return message.getDescriptorForType().getFields().stream()
                .filter(one -> one.getJsonName().equals(name))
                .findFirst();
    }

    /** Empty: it is not there. Of several in a list the first. */
    private static Optional<String> read(Message message, List<String> names) {
        FieldDescriptor field = field(message, names.get(0)).orElseThrow();
        if (field.isMapField()) {
            for (Object entry : (List<?>) message.getField(field)) {
                Message pair = (Message) entry;
                List<FieldDescriptor> halves = pair.getDescriptorForType().getFields();
                if (Objects.equals(pair.getField(halves.get(0)), names.get(1))) {
                    return Optional.of(pair.getField(halves.get(1)).toString());
                }
            }
            return Optional.empty();
        }
        Object value = message.getField(field);
        if (value instanceof List<?> many) {
            if (many.isEmpty()) {
                return Optional.empty();
            }
            value = many.get(0);
        } else if (!message.hasField(field)) {
            return Optional.empty();
        }
        if (value instanceof Message inner) {
            return read(inner, names.subList(1, names.size()));
        }
        if (value instanceof EnumValueDescriptor word) {
            return Optional.of(word.getName());
        }
        boolean unsigned = field.getType() == FieldDescriptor.Type.UINT64;
        return Optional.of(unsigned && value instanceof Long number ? Long.toUnsignedString(number) : value.toString());
    }

    private boolean take(String word) {
        if (at < words.size() && peek().equals(word)) {
            at++;
            return true;
        }
        return false;
    }

    private String peek() {
        return words.get(at);
    }

    private String next() throws Refusal {
        if (at >= words.size()) {
            throw wrong(String.join(" ", words));
        }
        return words.get(at++);
    }

    private static String unquoted(String word) {
        if (word.length() < 2 || word.charAt(0) != '"') {
            return word;
        }
        return word.substring(1, word.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }

    private static List<String> words(String text) throws Refusal {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if ("()".indexOf(c) >= 0) {
                words.add(String.valueOf(c));
                i++;
            } else if ("=!<>:".indexOf(c) >= 0) {
                boolean two = i + 1 < text.length() && text.charAt(i + 1) == '=' && c != '=' && c != ':';
                words.add(text.substring(i, i + (two ? 2 : 1)));
                i += two ? 2 : 1;
            } else if (c == '"') {
                int end = i + 1;
                while (end < text.length() && text.charAt(end) != '"') {
                    end += text.charAt(end) == '\\' ? 2 : 1;
                }
                if (end >= text.length()) {
                    throw wrong(text);
                }
                words.add(text.substring(i, end + 1));
                i = end + 1;
            } else {
                int end = i;
                // A value may hold colons: links and times do. A field may not.
                boolean isValue = !words.isEmpty()
                        && List.of("=", "!=", ":", "<", ">", "<=", ">=", "eq", "ne")
                                .contains(words.get(words.size() - 1));
                while (end < text.length()
                        && !Character.isWhitespace(text.charAt(end))
                        && "()".indexOf(text.charAt(end)) < 0
                        && (isValue || "=!<>:".indexOf(text.charAt(end)) < 0)) {
                    end++;
                }
                words.add(text.substring(i, end));
                i = end;
            }
        }
        return words;
    }
}
