package io.weir.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.aws.fake.Action.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An IAM policy document, as far as Weir's own goes: effects, actions and resources with wildcards, and the conditions {@code StringEquals},
 * {@code StringLike}, {@code StringNotEquals}, {@code ForAllValues:StringEquals} and {@code Null}. A denial beats every allowance; what
 * nothing allows is denied. What the document holds beyond that is refused when it is read.
 */
final class Policy {
    enum Verdict {
        ALLOWED,
        /** Nothing allows it. */
        NOT_ALLOWED,
        DENIED
    }

    private record Statement(
            boolean allows,
            List<Pattern> actions,
            List<Pattern> resources,
            Map<String, Map<String, Set<String>>> conditions) {}

    private static final Set<String> FIELDS = Set.of("Sid", "Effect", "Action", "Resource", "Condition");
    private static final Set<String> OPERATORS =
            Set.of("StringEquals", "StringLike", "StringNotEquals", "ForAllValues:StringEquals", "Null");

    private final List<Statement> statements = new ArrayList<>();

    Policy(JsonNode document) {
        for (JsonNode statement : document.path("Statement")) {
            statement.fieldNames().forEachRemaining(field -> {
                if (!FIELDS.contains(field)) {
                    throw new IllegalArgumentException("the fake's policies have no " + field);
                }
            });
            Map<String, Map<String, Set<String>>> conditions = new java.util.HashMap<>();
            statement.path("Condition").properties().forEach(operator -> {
                if (!OPERATORS.contains(operator.getKey())) {
                    throw new IllegalArgumentException("the fake's policies have no condition " + operator.getKey());
                }
                Map<String, Set<String>> keys = new java.util.HashMap<>();
                operator.getValue()
                        .properties()
                        .forEach(key -> keys.put(key.getKey(), Set.copyOf(texts(key.getValue()))));
                conditions.put(operator.getKey(), keys);
            });
            statements.add(new Statement(
                    statement.path("Effect").asText().equals("Allow"),
                    patterns(statement.path("Action")),
                    patterns(statement.path("Resource")),
                    conditions));
        }
    }

    private static List<String> texts(JsonNode oneOrMany) {
        List<String> texts = new ArrayList<>();
        if (oneOrMany.isArray()) {
            oneOrMany.forEach(text -> texts.add(text.asText()));
        } else if (!oneOrMany.isMissingNode()) {
            texts.add(oneOrMany.asText());
        }
        return texts;
    }

    private static List<Pattern> patterns(JsonNode oneOrMany) {
        return texts(oneOrMany).stream().map(Policy::pattern).toList();
    }

    private static Pattern pattern(String wildcards) {
        StringBuilder pattern = new StringBuilder();
        wildcards.chars().forEach(c -> {
            switch (c) {
                case '*' -> pattern.append(".*");
                case '?' -> pattern.append('.');
                default -> pattern.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }

    Verdict of(Need need) {
        Verdict verdict = Verdict.NOT_ALLOWED;
        for (Statement statement : statements) {
            if (concerns(statement, need)) {
                if (!statement.allows) {
                    return Verdict.DENIED;
                }
                verdict = Verdict.ALLOWED;
            }
        }
        return verdict;
    }

    /** The actions that some statement allows. */
    Set<String> allowedOf(Set<String> actions) {
        Set<String> allowed = new java.util.TreeSet<>();
        for (String action : actions) {
            if (statements.stream().anyMatch(statement -> statement.allows && matches(statement.actions, action))) {
                allowed.add(action);
            }
        }
        return allowed;
    }

    private static boolean concerns(Statement statement, Need need) {
        return matches(statement.actions, need.action())
                && (matches(statement.resources, need.resource())
                        || (need.resource().equals("*") && anywhere(statement)))
                && statement.conditions.entrySet().stream().allMatch(operator -> operator.getValue().entrySet().stream()
                        .allMatch(key -> holds(
                                operator.getKey(), key.getValue(), need.facts().getOrDefault(key.getKey(), Set.of()))));
    }

    /** What has no resource of its own is allowed only for all resources. */
    private static boolean anywhere(Statement statement) {
        return statement.resources.stream()
                .anyMatch(pattern -> pattern.pattern().equals(".*"));
    }

    private static boolean matches(List<Pattern> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }

    private static boolean holds(String operator, Set<String> wanted, Set<String> values) {
        return switch (operator) {
            case "StringEquals" -> values.stream().anyMatch(wanted::contains);
            case "StringNotEquals" -> values.stream().noneMatch(wanted::contains);
            case "StringLike" ->
                values.stream().anyMatch(value -> wanted.stream()
                        .anyMatch(like -> pattern(like).matcher(value).matches()));
            case "ForAllValues:StringEquals" -> wanted.containsAll(values);
            case "Null" -> wanted.contains(String.valueOf(values.isEmpty()));
            default -> throw new IllegalStateException(operator);
        };
    }
}
