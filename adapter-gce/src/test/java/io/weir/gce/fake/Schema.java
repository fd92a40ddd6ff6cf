package io.weir.gce.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.AnnotationsProto;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.api.HttpRule;
import com.google.cloud.compute.v1.Compute;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Google's own schema of Compute v1, as it is in the client's jar: which paths there are, what a request may hold and has to, and what an
 * answer is made of.
 *
 * <ol>
 *   <li>A path is one of an {@code google.api.http} rule, or there is no such path.
 *   <li>A parameter of the query is a field of the request's message and of its type; the body is the message that the rule names, read
 *       strictly: an unknown field, a wrong type or a word that an enumeration does not have are refused.
 *   <li>Fields that the schema calls required are there.
 *   <li>An answer is a message of the type that the method returns: it cannot hold what the schema does not have.
 * </ol>
 */
final class Schema {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer();

    static final Schema COMPUTE = new Schema(Compute.getDescriptor().getServices());

    /** By verb and length of the path; one without variables before those that have them. */
    private final Map<String, List<Route>> routes = new HashMap<>();

    private final Set<String> keys = new TreeSet<>();

    /**
     * One method.
     *
     * @param key as {@code instances.aggregatedList}
     * @param request an empty one
     */
    record Route(
            String key, Pattern path, List<String> variables, String bodyField, Message request, Descriptor answer) {}

    /** A call that fits the schema. */
    record Call(Route route, Message request) {
        String key() {
            return route.key;
        }

        /** What the path or the query says; empty: nothing. */
        String text(String field) {
            FieldDescriptor descriptor = request.getDescriptorForType().findFieldByName(field);
            return descriptor == null || !request.hasField(descriptor)
                    ? ""
                    : request.getField(descriptor).toString();
        }

        <T extends Message> T as(Class<T> type) {
            return type.cast(request);
        }
    }

    private Schema(List<ServiceDescriptor> services) {
        for (ServiceDescriptor service : services) {
            for (MethodDescriptor method : service.getMethods()) {
                HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
                add(lowerFirst(service.getName()) + "." + lowerFirst(method.getName()), rule, method);
            }
        }
        routes.values().forEach(some -> some.sort(Comparator.comparing(route -> route.variables.size())));
    }

    private void add(String key, HttpRule rule, MethodDescriptor method) {
        String verb = rule.getPatternCase().name();
        String template =
                switch (rule.getPatternCase()) {
                    case GET -> rule.getGet();
                    case POST -> rule.getPost();
                    case PUT -> rule.getPut();
                    case PATCH -> rule.getPatch();
                    case DELETE -> rule.getDelete();
                    default -> throw new IllegalStateException(key + " has no path");
                };
        List<String> variables = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(template);
        StringBuilder pattern = new StringBuilder();
        int end = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(template.substring(end, variable.start())))
                    .append("([^/]+)");
            variables.add(variable.group(1));
            end = variable.end();
        }
        pattern.append(Pattern.quote(template.substring(end)));
        routes.computeIfAbsent(shape(verb, template), first -> new ArrayList<>())
                .add(new Route(
                        key,
                        Pattern.compile(pattern.toString()),
                        List.copyOf(variables),
                        rule.getBody(),
                        empty(method.getInputType()),
                        method.getOutputType()));
        keys.add(key);
    }

    private static Message empty(Descriptor type) {
        try {
            Object message = Class.forName("com.google.cloud.compute.v1." + type.getName())
                    .getMethod("getDefaultInstance")
                    .invoke(null);
            return (Message) message;
        } catch (ReflectiveOperationException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    private static String lowerFirst(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    boolean hasMethod(String key) {
        return keys.contains(key);
    }

    /** The call's method; empty: there is no such path. */
    Optional<String> method(String verb, String path) {
        return route(verb, path).map(Route::key);
    }

    private Optional<Route> route(String verb, String path) {
        return routes.getOrDefault(shape(verb, path), List.of()).stream()
                .filter(route -> route.path.matcher(path).matches())
                .findFirst();
    }

    private static String shape(String verb, String path) {
        return verb + path.chars().filter(c -> c == '/').count();
    }

    /** @param query as it was sent, without the question mark */
    Call call(String verb, String path, String query, String body) throws Refusal {
        Route route = route(verb, path).orElseThrow(() -> Refusal.of(404, "notFound", "Not Found"));
        Message.Builder request = route.request.newBuilderForType();
        Matcher matcher = route.path.matcher(path);
        if (!matcher.matches()) {
            throw new IllegalStateException("a route that does not fit");
        }
        for (int i = 0; i < route.variables.size(); i++) {
            String name = route.variables.get(i);
            set(request, field(route.request, name), URLDecoder.decode(matcher.group(i + 1), UTF_8), name);
        }
        for (Map.Entry<String, List<String>> parameter : parameters(query).entrySet()) {
            setParameter(route, request, parameter.getKey(), parameter.getValue());
        }
        readBody(route, request, body);
        for (FieldDescriptor field : route.request.getDescriptorForType().getFields()) {
            boolean required = field.getOptions()
                    .getExtension(FieldBehaviorProto.fieldBehavior)
                    .contains(FieldBehavior.REQUIRED);
            if (required && !field.isRepeated() && !isThere(request, field)) {
                throw Refusal.required(field.getJsonName());
            }
        }
        return new Call(route, request.build());
    }

    private static boolean isThere(Message.Builder request, FieldDescriptor field) {
        return field.hasPresence()
                ? request.hasField(field)
                : !request.getField(field).equals(field.getDefaultValue());
    }

    private static FieldDescriptor field(Message request, String name) {
        FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
        if (field == null) {
            throw new IllegalStateException("a rule speaks of " + name + ", which its request does not have");
        }
        return field;
    }

    private static void setParameter(Route route, Message.Builder request, String name, List<String> values)
            throws Refusal {
        FieldDescriptor field = request.getDescriptorForType().getFields().stream()
                .filter(one -> one.getJsonName().equals(name))
                .filter(one -> one.getJavaType() != FieldDescriptor.JavaType.MESSAGE)
                .filter(one -> !route.variables.contains(one.getName()))
                .findFirst()
                .orElseThrow(() -> Refusal.badRequest("Invalid JSON payload received. Unknown name \"" + name
                        + "\": Cannot bind query parameter. Field '" + name
                        + "' could not be found in request message."));
        for (String value : values) {
            set(request, field, value, name);
        }
    }

    private static void set(Message.Builder request, FieldDescriptor field, String text, String name) throws Refusal {
        Object value;
        try {
            value = switch (field.getJavaType()) {
                case STRING -> text;
                case BOOLEAN -> bool(text);
                case INT ->
                    field.getType() == FieldDescriptor.Type.UINT32
                            ? Integer.parseUnsignedInt(text)
                            : Integer.parseInt(text);
                case LONG ->
                    field.getType() == FieldDescriptor.Type.UINT64
                            ? Long.parseUnsignedLong(text)
                            : Long.parseLong(text);
                case ENUM -> word(field, text);
                default -> throw new IllegalArgumentException(name);
            };
        } catch (IllegalArgumentException wrong) {
            throw Refusal.invalid(name, text, "Invalid value at '" + name + "' (" + field.getType() + ")");
        }
        if (field.isRepeated()) {
            request.addRepeatedField(field, value);
        } else {
            request.setField(field, value);
        }
    }

    private static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return text.equals("true");
    }

    private static EnumValueDescriptor word(FieldDescriptor field, String text) {
        EnumValueDescriptor value = field.getEnumType().findValueByName(text);
        if (value == null) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static void readBody(Route route, Message.Builder request, String body) throws Refusal {
        if (route.bodyField.isEmpty()) {
            if (!body.isBlank()) {
                throw Refusal.badRequest("Invalid JSON payload received: this method takes no body.");
            }
            return;
        }
        try {
            JsonFormat.parser()
                    .merge(
                            body.isBlank() ? "{}" : body,
                            request.getFieldBuilder(field(route.request, route.bodyField)));
        } catch (InvalidProtocolBufferException wrong) {
            throw Refusal.badRequest("Invalid JSON payload received. " + wrong.getMessage());
        }
    }

    static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters
                        .computeIfAbsent(URLDecoder.decode(name, UTF_8), first -> new ArrayList<>())
                        .add(URLDecoder.decode(value, UTF_8));
            }
        }
        return parameters;
    }

    /**
     * What is set in a message, as paths of JSON names, without the number of a place in a list: {@code disks.initializeParams.labels}. What
     * is in a map is not told.
     */
    static Set<String> paths(Message message) {
        Set<String> paths = new TreeSet<>();
        collect(message, "", paths);
        return paths;
    }

    private static void collect(Message message, String prefix, Set<String> paths) {
        message.getAllFields().forEach((field, value) -> {
            String path = prefix + field.getJsonName();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
                paths.add(path);
            } else if (value instanceof Collection<?> many) {
                paths.add(path);
                many.forEach(one -> collect((Message) one, path + ".", paths));
            } else {
                paths.add(path);
                collect((Message) value, path + ".", paths);
            }
        });
    }

    /** As JSON, when it is of the type that the method returns. */
    static String answer(Route route, Message answer) {
        if (!answer.getDescriptorForType().equals(route.answer)) {
            throw new IllegalStateException(route.key + " does not answer with a "
                    + answer.getDescriptorForType().getName());
        }
        return json(answer);
    }

    static String json(Message message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    /** Strictly. */
    static <B extends Message.Builder> B read(String json, B into) {
        try {
            JsonFormat.parser().merge(json, into);
            return into;
        } catch (InvalidProtocolBufferException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }
}
