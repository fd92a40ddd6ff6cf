package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of EC2's own service model, for the operations that the fake speaks: what may be asked for, and what an answer may hold. The
 * resource is made from botocore by {@code src/test/aws/ec2-model.py}.
 */
final class Model {
    static final Model EC2 = new Model("ec2-model.txt");

    /** Names from the operation down, joined by dots, inner ones too. */
    private final Map<String, Set<String>> parameters = new HashMap<>();

    private final Map<String, Set<String>> elements = new HashMap<>();

    private Model(String resource) {
        Set<String> names = new TreeSet<>();
        List<String> path = new ArrayList<>();
        for (String line : lines(resource)) {
            if (line.startsWith("#")) {
                continue;
            }
            String word = line.strip();
            if (!line.startsWith(" ")) {
                names = new TreeSet<>();
                (line.startsWith("<") ? parameters : elements).put(word.substring(2), names);
                path.clear();
                continue;
            }
            int depth = line.length() - line.stripLeading().length();
            while (path.size() >= depth) {
                path.remove(path.size() - 1);
            }
            path.add(word.split(" ", 2)[0]);
            names.add(String.join(".", path));
        }
    }

    private static List<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(Model.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
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
        return without(given, parameters.getOrDefault(operation, Set.of()));
    }

    /** The paths of an answer that the operation's output does not have. */
    Set<String> unknownElements(String operation, Element answer) {
        return unknownElements(operation, answer.paths());
    }

    Set<String> unknownElements(String operation, Set<String> paths) {
        return without(paths, elements.getOrDefault(operation, Set.of()));
    }

    private static Set<String> without(Set<String> all, Set<String> known) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(known);
        return rest;
    }
}
