package io.weir.openstack.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One call, taken apart.
 *
 * @param path the segments after the service's own prefix
 * @param headers by name in lower case
 */
record Request(
        Service service,
        String method,
        List<String> path,
        String rawQuery,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body) {
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}");

    static Request of(
            Service service,
            String method,
            String rawPath,
            @Nullable String rawQuery,
            Map<String, String> headers,
            byte[] body) {
        List<String> path = new ArrayList<>();
        for (String segment : rawPath.split("/", -1)) {
            if (!segment.isEmpty()) {
                path.add(URLDecoder.decode(segment.replace("+", "%2B"), UTF_8));
            }
        }
        String prefix = service.prefix.replace("/", "");
        if (!prefix.isEmpty() && !path.isEmpty() && path.get(0).equals(prefix)) {
            path.remove(0);
        }
        if (service == Service.VOLUME
                && !path.isEmpty()
                && ID.matcher(path.get(0)).matches()) {
            path.remove(0); // the project: the caller's own
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        String text = rawQuery == null ? "" : rawQuery;
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(URLDecoder.decode(parts[0], UTF_8), first -> new ArrayList<>())
                    .add(parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return new Request(service, method, List.copyOf(path), text, query, headers, body);
    }

    /** The kind of call: its path without ids. */
    /** Whoever asks, and with whatever token. */
    boolean isSameAs(Request other) {
        return kind().equals(other.kind())
                && path.equals(other.path)
                && rawQuery.equals(other.rawQuery)
                && Arrays.equals(body, other.body);
    }

    String kind() {
        StringBuilder kind = new StringBuilder(method).append(' ').append(service.type);
        for (int i = 0; i < path.size(); i++) {
            String segment = path.get(i);
            boolean tag =
                    i > 0 && Arrays.asList("tags", "metadata", "os-keypairs").contains(path.get(i - 1));
            kind.append('/').append(ID.matcher(segment).matches() || tag ? "{id}" : segment);
        }
        return kind.toString();
    }

    /** A star stands for any segment. */
    boolean is(String wantedMethod, String... wanted) {
        if (!method.equals(wantedMethod) || path.size() != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals("*") && !wanted[i].equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    boolean begins(String... wanted) {
        return path.size() >= wanted.length && path.subList(0, wanted.length).equals(List.of(wanted));
    }

    String segment(int index) {
        return path.get(index);
    }

    @Nullable
    String first(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }
}
