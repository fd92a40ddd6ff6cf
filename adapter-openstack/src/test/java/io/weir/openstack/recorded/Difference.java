package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How two runs of one scenario differ: in status, headers, fields, their types, and in every value that a second run could have again.
 *
 * @param where the exchange and the place in its answer
 */
record Difference(String where, String what) {

    /** Lists whose order means nothing. */
    private static final Set<String> SETS =
            Set.of("catalog", "endpoints", "roles", "methods", "tags", "volumeAttachments");

    static List<Difference> between(List<Exchange> expected, List<Exchange> actual) {
        List<Difference> found = new ArrayList<>();
        if (expected.size() != actual.size()) {
            found.add(new Difference("the scenario", expected.size() + " exchanges against " + actual.size()));
        }
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            compare(expected.get(i), actual.get(i), found);
        }
        return found;
    }

    private static void compare(Exchange expected, Exchange actual, List<Difference> found) {
        String where = expected.what() + " [" + expected.method() + " " + expected.path()
                + (expected.version() == null ? "" : " at " + expected.version()) + "]";
        if (expected.status() != actual.status()) {
            found.add(new Difference(
                    where, "status " + expected.status() + " against " + actual.status() + " " + actual.body()));
            return;
        }
        compareHeaders(where, expected.headers(), actual.headers(), found);
        if (expected.text() != null || actual.text() != null) {
            if (!String.valueOf(expected.text()).equals(String.valueOf(actual.text()))) {
                found.add(new Difference(where, "text " + expected.text() + " against " + actual.text()));
            }
            return;
        }
        if (expected.body() != null && actual.body() != null) {
            compare(where + " ", "", expected.body(), actual.body(), found);
        } else if (expected.body() != actual.body()) {
            found.add(new Difference(where, "body " + expected.body() + " against " + actual.body()));
        }
    }

    private static void compareHeaders(
            String where, Map<String, String> expected, Map<String, String> actual, List<Difference> found) {
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(actual.keySet());
        for (String name : names) {
            String one = String.valueOf(expected.get(name));
            String other = String.valueOf(actual.get(name));
            boolean same = name.equals("vary") ? one.equals(other) || other.startsWith(one) : one.equals(other);
            if (!same) {
                found.add(new Difference(where + " " + name, one + " against " + other));
            }
        }
    }

    private static void compare(
            String where, String field, JsonNode expected, JsonNode actual, List<Difference> found) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String place = where + "." + name;
                if (!actual.has(name)) {
                    found.add(new Difference(place, "missing: " + expected.get(name)));
                } else if (!expected.has(name)) {
                    found.add(new Difference(place, "not there: " + actual.get(name)));
                } else {
                    compare(place, name, expected.get(name), actual.get(name), found);
                }
            }
        } else if (expected.isArray() && actual.isArray()) {
            compareArrays(where, field, expected, actual, found);
        } else if (!expected.equals(actual) && !(expected.isNumber() && sameNumber(expected, actual))) {
            found.add(new Difference(where, expected + " against " + actual));
        }
    }

    private static boolean sameNumber(JsonNode expected, JsonNode actual) {
        return actual.isNumber()
                && expected.isIntegralNumber() == actual.isIntegralNumber()
                && expected.asDouble() == actual.asDouble();
    }

    private static void compareArrays(
            String where, String field, JsonNode expected, JsonNode actual, List<Difference> found) {
        if (SETS.contains(field)) {
            List<JsonNode> left = new ArrayList<>();
            actual.forEach(left::add);
            for (JsonNode one : expected) {
                Predicate<JsonNode> same = other -> {
                    List<Difference> inside = new ArrayList<>();
                    compare("", field, one, other, inside);
                    return inside.isEmpty();
                };
                if (!left.removeIf(first(same))) {
                    found.add(new Difference(where, "missing: " + one));
                }
            }
            left.forEach(more -> found.add(new Difference(where, "not there: " + more)));
            return;
        }
        if (expected.size() != actual.size()) {
            found.add(new Difference(where, expected.size() + " elements against " + actual.size()));
        }
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            compare(where + "[" + i + "]", field, expected.get(i), actual.get(i), found);
        }
    }

    private static Predicate<JsonNode> first(Predicate<JsonNode> wanted) {
        boolean[] taken = new boolean[1];
        return node -> {
            if (!taken[0] && wanted.test(node)) {
                taken[0] = true;
                return true;
            }
            return false;
        };
    }
}
