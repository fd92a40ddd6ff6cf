package io.weir.service.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.weir.service.error.ApiException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads exactly one document and nothing else.
 *
 * <ol>
 *   <li>The bytes are UTF-8; UTF-16 and UTF-32 are refused by name.
 *   <li>Neither an empty body, nor blanks alone, nor a second document, nor anything after the document passes.
 *   <li>Comments, NaN, a name given twice, nesting deeper than {@value #DEPTH} and numbers longer than {@value #DIGITS} digits are
 *       refused; a YAML alias too.
 *   <li>Whole numbers stay whole and everything written with a point or an exponent stays a decimal, so that {@link Fields} can tell
 *       2 from 2.0.
 * </ol>
 *
 * Every refusal names the field it stands at, or the line and column, and no class.
 */
public final class StrictJson {
    static final int DEPTH = 32;
    static final int DIGITS = 1000;

    private static final Pattern PLAIN = Pattern.compile("0|-?[1-9][0-9]*");
    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH + 2)
            .maxNumberLength(DIGITS)
            .maxStringLength(512 * 1024)
            .maxNameLength(1000)
            .build();
    private static final JsonFactory JSON =
            JsonFactory.builder().streamReadConstraints(BOUNDS).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    private final JsonParser parser;
    private final String text;
    private String at = "";
    private @Nullable String done;
    private boolean whole;

    private StrictJson(JsonParser parser, String text) {
        this.parser = parser;
        this.text = text;
    }

    /** The JSON document of a request's body. */
    public static JsonNode json(byte[] body) {
        String text = utf8(body, "body");
        if (text.isBlank()) {
            throw ApiException.invalid("the body is empty; a JSON document is due");
        }
        try (JsonParser parser = JSON.createParser(text)) {
            return new StrictJson(parser, text).document("JSON");
        } catch (IOException e) {
            throw ApiException.invalid("the body is not JSON").because(e);
        }
    }

    /** A YAML document; an empty one is an empty object. */
    public static JsonNode yaml(byte[] bytes) {
        String text = utf8(bytes, "document");
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(true); // told by this reader, with the path
        options.setNestingDepthLimit(DEPTH + 2);
        options.setCodePointLimit(Math.max(1, text.length()) + 1);
        var factory = YAMLFactory.builder()
                .loaderOptions(options)
                .streamReadConstraints(BOUNDS)
                .build();
        try (JsonParser parser = factory.createParser(text)) {
            return new StrictJson(parser, text).document("YAML");
        } catch (IOException e) {
            throw ApiException.invalid("the document is not YAML").because(e);
        }
    }

    private static String utf8(byte[] bytes, String what) {
        if (wide(bytes)) {
            throw ApiException.invalid("the " + what + " is not UTF-8 (it looks like UTF-16 or UTF-32)");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.invalid("the " + what + " is not UTF-8").because(e);
        }
    }

    /** A byte order mark of UTF-16 or UTF-32, or a zero among the first four bytes, which no UTF-8 document has. */
    private static boolean wide(byte[] bytes) {
        if (bytes.length >= 2 && ((bytes[0] & 0xff) == 0xfe || (bytes[0] & 0xff) == 0xff)) {
            return true;
        }
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private JsonNode document(String format) throws IOException {
        try {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return NODES.objectNode();
            }
            JsonNode node = value(first, "", 0);
            at = "";
            whole = true;
            if (parser.nextToken() != null) {
                throw refusal(more(format) + where());
            }
            return node;
        } catch (JsonProcessingException e) {
            at = whole ? "" : field();
            throw refusal(reason(e, format)).because(e);
        }
    }

    /** The parser looks at a value while it reads the name before it: an unreadable value is that name's fault, not its object's. */
    private String field() {
        String name = parser.getParsingContext().getCurrentName();
        boolean begun = name != null && !name.equals(done) && !("." + at).endsWith("." + name);
        return begun ? below(at, name) : at;
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String more(String format) {
        return "one " + format + " document is due, more follows it";
    }

    private JsonNode value(JsonToken token, String path, int depth) throws IOException {
        at = path;
        if (depth > DEPTH) {
            throw refusal("is nested more than " + DEPTH + " deep");
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw refusal("an alias (*" + parser.getText() + ") is not read; write the value out");
        }
        return switch (token) {
            case START_OBJECT -> object(path, depth);
            case START_ARRAY -> array(path, depth);
            case VALUE_STRING -> text();
            case VALUE_NUMBER_INT -> whole();
            case VALUE_NUMBER_FLOAT -> decimal();
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw refusal("is not a value");
        };
    }

    private JsonNode object(String path, int depth) throws IOException {
        ObjectNode object = NODES.objectNode();
        done = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            String field = below(path, name);
            at = field;
            if (object.has(name)) {
                throw refusal("is given twice");
            }
            done = null;
            object.set(name, value(next(), field, depth + 1));
            at = path;
            done = name;
        }
        return object;
    }

    private JsonNode array(String path, int depth) throws IOException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            array.add(value(token, path + "[" + array.size() + "]", depth + 1));
            at = path;
        }
        return array;
    }

    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw refusal("the document ends too early");
        }
        return token;
    }

    /** In YAML a name with nothing behind it has no value, which is something else than an empty text in quotes. */
    private JsonNode text() throws IOException {
        String found = parser.getText();
        boolean nothing = found.isEmpty() && parser instanceof YAMLParser && !quoted();
        return nothing ? NODES.nullNode() : NODES.textNode(found);
    }

    private boolean quoted() {
        int offset = (int) parser.currentTokenLocation().getCharOffset();
        return offset >= 0 && offset < text.length() && "\"'|>".indexOf(text.charAt(offset)) >= 0;
    }

    /** What looks like a number and means another than it looks like: 010 is eight in YAML, and -0 is nothing below nothing. */
    private JsonNode whole() throws IOException {
        if (!PLAIN.matcher(parser.getText()).matches()) {
            throw refusal("is no plain whole number: " + parser.getText() + " (write text in quotes)");
        }
        return switch (parser.getNumberType()) {
            case INT, LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private JsonNode decimal() throws IOException {
        try {
            return NODES.numberNode(new BigDecimal(parser.getText().replace("_", "")));
        } catch (NumberFormatException e) {
            throw refusal("is not a number that can be read").because(e);
        }
    }

    private ApiException refusal(String what) {
        return at.isEmpty()
                ? ApiException.invalid(what)
                : ApiException.invalid(shortened(at), shortened(at) + ": " + what);
    }

    /** The parser's own words name its classes and features, so they are told again in ours. */
    private String reason(JsonProcessingException e, String format) {
        String words = String.valueOf(e.getOriginalMessage());
        String what;
        if (e instanceof JsonEOFException) {
            what = "the document ends too early";
        } else if (words.contains("comment")) {
            what = "a comment is not " + format;
        } else if (words.contains("NaN") || words.contains("INF") || words.contains("Infinity")) {
            what = "NaN and infinity are not " + format + " numbers";
        } else if (e instanceof StreamConstraintsException && words.contains("nesting depth")) {
            what = "is nested more than " + DEPTH + " deep";
        } else if (e instanceof StreamConstraintsException) {
            what = "a number, name or text is too long";
        } else {
            what = whole ? more(format) : "not " + format;
        }
        return what + where(e.getLocation());
    }

    private String where() {
        return where(parser.currentTokenLocation());
    }

    private static String where(@Nullable JsonLocation place) {
        return place == null || place.getLineNr() < 1
                ? ""
                : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }

    private static String shortened(String path) {
        return path.length() <= 200 ? path : path.substring(0, 200) + "…";
    }
}
