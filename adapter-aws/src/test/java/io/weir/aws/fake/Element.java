package io.weir.aws.fake;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An element of an answer: a text, or other elements. Those that are null are left out. */
record Element(String name, String text, List<Element> children) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    static Element text(String name, Object text) {
        return new Element(name, text instanceof Instant time ? time(time) : text.toString(), List.of());
    }

    /** Only if there is something to say. */
    static @Nullable Element maybe(String name, @Nullable Object text) {
        return text == null ? null : text(name, text);
    }

    static Element of(String name, @Nullable Element... children) {
        return new Element(
                name,
                "",
                Arrays.stream(children)
                        .filter(Objects::nonNull)
                        .map(Element::known)
                        .toList());
    }

    private static Element known(@Nullable Element child) {
        return Objects.requireNonNull(child);
    }

    static Element list(String name, Collection<Element> items) {
        return new Element(name, "", List.copyOf(items));
    }

    static Element item(@Nullable Element... children) {
        return of("item", children);
    }

    static Element tags(Map<String, String> tags) {
        List<Element> items = new ArrayList<>();
        new TreeMap<>(tags).forEach((key, value) -> items.add(item(text("key", key), text("value", value))));
        return list("tagSet", items);
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    /** The names from here to each leaf, joined by dots; an element without anything in it is a leaf. */
    Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        for (Element child : children) {
            if (child.children.isEmpty()) {
                paths.add(child.name);
            }
            child.paths().forEach(path -> paths.add(child.name + "." + path));
        }
        return paths;
    }

    /** As a document. */
    String xml() {
        return document("");
    }

    String xml(String namespace) {
        return document(" xmlns=\"" + namespace + "\"");
    }

    private String document(String attribute) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        write(xml, attribute);
        return xml.toString();
    }

    private void write(StringBuilder xml, String attribute) {
        xml.append('<').append(name).append(attribute);
        if (text.isEmpty() && children.isEmpty()) {
            xml.append("/>");
            return;
        }
        xml.append('>');
        escape(text, xml);
        children.forEach(child -> child.write(xml, ""));
        xml.append("</").append(name).append('>');
    }

    private static void escape(String text, StringBuilder xml) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                default -> {
                    if (c < 32) {
                        xml.append("&#").append((int) c).append(';');
                    } else {
                        xml.append(c);
                    }
                }
            }
        }
    }
}
