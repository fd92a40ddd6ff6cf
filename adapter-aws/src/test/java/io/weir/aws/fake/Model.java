package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of EC2's own service model, for the operations that the fake speaks: what may be asked for, and what an answer may hold. The
 * resource is made from botocore by {@code src/test/aws/ec2-model.py}.
 */
final class Model {
    private static final Pattern INTEGER = Pattern.compile("-?\\d+");
    private static final Pattern TIMESTAMP = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

    static final Model EC2 = new Model("ec2-model.txt");

    /** @param type that of a leaf; empty: there is more below */
    private record Node(String type, Map<String, Node> below) {
        Node(String type) {
            this(type, new HashMap<>());
        }

        Optional<Node> find(String path) {
            Node node = this;
            for (String name : path.split("\\.", -1)) {
                node = node.below.get(name);
                if (node == null) {
                    return Optional.empty();
                }
            }
            return Optional.of(node);
        }

        boolean fits(String text) {
            return switch (type) {
                case "integer", "long" -> INTEGER.matcher(text).matches();
                case "boolean" -> text.equals("true") || text.equals("false");
                case "timestamp" -> TIMESTAMP.matcher(text).matches();
                // An empty list or structure is an element without anything in it.
                default -> !type.isEmpty() || text.isEmpty();
            };
        }
    }

    /** What operations without an output answer with, as recorded (libcloud_create_tags.xml). */
    private static final Node NOTHING = new Node("", Map.of("return", new Node("boolean")));

    private final Map<String, Node> parameters = new HashMap<>();
    private final Map<String, Node> elements = new HashMap<>();

    private Model(String resource) {
        Deque<Node> path = new ArrayDeque<>();
        text(resource).lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int depth = line.length() - line.stripLeading().length();
            String[] words = line.strip().split(" ", 2);
            if (depth == 0) {
                path.clear();
                path.push(new Node(""));
                (words[0].equals("<") ? parameters : elements).put(words[1], path.element());
                return;
            }
            while (path.size() > depth) {
                path.pop();
            }
            Node node = new Node(words.length > 1 ? words[1] : "");
            path.element().below.put(words[0], node);
            path.push(node);
        });
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Model.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasOperation(String operation) {
        return parameters.containsKey(operation);
    }

    Set<String> operations() {
        return parameters.keySet();
    }

    /** Those of the given names (numbers as N) that the operation does not take. */
    Set<String> unknownParameters(String operation, Set<String> given) {
        Node known = parameters.getOrDefault(operation, new Node(""));
        Set<String> unknown = new TreeSet<>(given);
        unknown.removeIf(name -> known.find(name).isPresent());
        return unknown;
    }

    boolean hasElement(String operation, String path) {
        return elements.getOrDefault(operation, new Node("")).find(path).isPresent();
    }

    /** What of an answer the operation's output does not have, or not of this type; each path once. */
    Set<String> unknownElements(String operation, Element answer) {
        Set<String> unknown = new TreeSet<>();
        Node known = elements.getOrDefault(operation, new Node(""));
        compare(answer, known.below.isEmpty() ? NOTHING : known, "", unknown);
        return unknown;
    }

    private static void compare(Element element, Node node, String path, Set<String> unknown) {
        for (Element child : element.children()) {
            Node known = node.below.get(child.name());
            String name = path + child.name();
            if (known == null) {
                unknown.add(name);
            } else if (child.children().isEmpty() && !known.fits(child.text())) {
                unknown.add(name + " = " + child.text());
            } else {
                compare(child, known, name + ".", unknown);
            }
        }
    }
}
