package io.weir.service.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every input that is not exactly what is due: an error document that names the field or the reason, within a second, and nothing changed. */
class StrictInputTest {
    private static final String JSON = "application/json";

    @TempDir
    static Path home;

    static Fleet fleet;

    private int size;
    private int changes;

    @BeforeAll
    static void start() {
        fleet = new Fleet(home);
        fleet.postJson(Role.OPERATOR, "/pool/size", "{\"desiredSize\":3}");
        fleet.postJson(Role.ADMIN, "/pool/size", "{\"desiredSize\":3}");
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @BeforeEach
    void before() {
        size = fleet.pool.size.get();
        changes = fleet.pool.changes.get();
        fleet.slowest();
    }

    @AfterEach
    void nothing_changed_and_it_was_quick() {
        assertThat(fleet.pool.size).hasValue(size);
        assertThat(fleet.pool.changes).hasValue(changes);
        assertThat(fleet.slowest()).isLessThan(Duration.ofSeconds(1));
    }

    static Stream<Arguments> wrong_sizes() {
        String field = "desiredSize";
        return Stream.of(
                arguments("null", "{\"desiredSize\":null}", field, "must not be null"),
                arguments("missing", "{}", field, "is missing"),
                arguments("a fraction", "{\"desiredSize\":2.7}", field, "whole number"),
                arguments("a whole fraction", "{\"desiredSize\":2.0}", field, "whole number"),
                arguments("an exponent", "{\"desiredSize\":2e0}", field, "whole number"),
                arguments("a huge exponent", "{\"desiredSize\":1e999999999}", field, "whole number"),
                arguments("a tiny exponent", "{\"desiredSize\":1e-999999999}", field, "whole number"),
                arguments("an exponent past all bounds", "{\"desiredSize\":1e99999999999}", field, "number"),
                arguments("a string", "{\"desiredSize\":\"2\"}", field, "whole number"),
                arguments("a boolean", "{\"desiredSize\":true}", field, "whole number"),
                arguments("a list", "{\"desiredSize\":[2]}", field, "not a list"),
                arguments("an object", "{\"desiredSize\":{}}", field, "not an object"),
                arguments("negative", "{\"desiredSize\":-5}", field, "from 0 to 2147483647, not -5"),
                arguments("minus nothing", "{\"desiredSize\":-0}", field, "no plain whole number"),
                arguments("above Integer", "{\"desiredSize\":2147483648}", field, "from 0 to 2147483647"),
                arguments("above Long", "{\"desiredSize\":9223372036854775808}", field, "from 0 to 2147483647"),
                arguments("400 digits", "{\"desiredSize\":" + "9".repeat(400) + "}", field, "from 0 to"),
                arguments("2,000 digits", "{\"desiredSize\":" + "9".repeat(2000) + "}", field, "too long"),
                arguments("NaN", "{\"desiredSize\":NaN}", field, "NaN"),
                arguments("infinity", "{\"desiredSize\":-Infinity}", field, "infinity"),
                arguments("hexadecimal", "{\"desiredSize\":0x10}", null, "not JSON"),
                arguments("a leading zero", "{\"desiredSize\":010}", field, "not JSON"),
                arguments("a plus sign", "{\"desiredSize\":+2}", field, "not JSON"),
                arguments(
                        "an unknown field",
                        "{\"desiredSize\":2,\"desiredSise\":4}",
                        "desiredSise",
                        "is not a known field, did you mean"),
                arguments("a misspelt field", "{\"desiredsize\":2}", field, "is missing"),
                arguments("a field given twice", "{\"desiredSize\":2,\"desiredSize\":3}", field, "is given twice"),
                arguments("a wrong type beside it", "{\"desiredSize\":2,\"reason\":7}", "reason", "must be a text"),
                arguments("a long text", "{\"desiredSize\":2,\"reason\":\"" + "x".repeat(300) + "\"}", "reason", "200"),
                arguments("a trailing comma", "{\"desiredSize\":2,}", null, "not JSON"),
                arguments("trailing words", "{\"desiredSize\":2} yes", null, "more follows"),
                arguments("two documents", "{\"desiredSize\":2}{\"desiredSize\":3}", null, "one JSON document is due"),
                arguments("a comment", "{\"desiredSize\":2 /* two */}", null, "comment"),
                arguments("a line comment", "// two\n{\"desiredSize\":2}", null, "comment"),
                arguments("a hash comment", "# two\n{\"desiredSize\":2}", null, "not JSON"),
                arguments("single quotes", "{'desiredSize':2}", null, "not JSON"),
                arguments("no quotes", "{desiredSize:2}", null, "not JSON"),
                arguments("the document null", "null", null, "must be an object, not null"),
                arguments("a bare number", "2", null, "must be an object, not 2"),
                arguments("a bare text", "\"2\"", null, "must be an object"),
                arguments("a list of documents", "[{\"desiredSize\":2}]", null, "must be an object, not a list"),
                arguments("not JSON at all", "desiredSize=2", null, "not JSON"),
                arguments("half a value", "{\"desiredSize\":", field, "ends too early"),
                arguments("half a document", "{\"desiredSize\":2", null, "ends too early"),
                arguments("blanks", " \r\n\t ".repeat(100), null, "is empty"),
                arguments("a zero byte", "{\"desiredSize\":2\0}", null, "not JSON"),
                arguments("60 KB of brackets", "[".repeat(60_000), null, "nested more than"),
                arguments("deep objects", "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000), null, "nested more than"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong_sizes")
    void a_wrong_size_is_refused(String name, String body, @Nullable String field, String reason) {
        HttpResponse<String> answer = fleet.postJson(Role.OPERATOR, "/pool/size", body);
        JsonNode error = error(answer, 400, "INVALID_INPUT");
        assertThat(error.path("message").asText()).contains(reason);
        if (field != null) {
            assertThat(error.path("field").asText()).isEqualTo(field);
        }
    }

    static Stream<Arguments> wrong_encodings() {
        return Stream.of(
                arguments("UTF-16 with a mark", StandardCharsets.UTF_16),
                arguments("UTF-16 big end first", StandardCharsets.UTF_16BE),
                arguments("UTF-16 little end first", StandardCharsets.UTF_16LE),
                arguments("UTF-32", Charset.forName("UTF-32")),
                arguments("UTF-32 little end first", Charset.forName("UTF-32LE")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong_encodings")
    void another_encoding_is_refused(String name, Charset charset) {
        var answer = post("/pool/size", BodyPublishers.ofString("{\"desiredSize\":2}", charset), JSON);
        assertThat(error(answer, 400, "INVALID_INPUT").path("message").asText()).contains("UTF-16");
    }

    @Test
    void bytes_that_are_no_text_are_refused() {
        byte[] bytes = {'{', '"', 'd', (byte) 0xc3, (byte) 0x28, '"', ':', '2', '}'};
        var answer = post("/pool/size", BodyPublishers.ofByteArray(bytes), JSON);
        assertThat(error(answer, 400, "INVALID_INPUT").path("message").asText()).contains("not UTF-8");
    }

    @Test
    void an_empty_body_is_refused_where_one_is_due() {
        var answer = post("/pool/size", BodyPublishers.noBody(), JSON);
        assertThat(error(answer, 400, "INVALID_INPUT").path("message").asText()).contains("the body is empty");
        answer = post("/pool/size", BodyPublishers.noBody(), null);
        assertThat(error(answer, 400, "INVALID_INPUT").path("message").asText()).contains("the body is empty");
    }

    static Stream<Arguments> large_bodies() {
        return Stream.of(
                arguments("1 MB of blanks", " ".repeat(1_000_000)),
                arguments("100,000 brackets", "[".repeat(100_000)),
                arguments("64 KiB and a byte", "{\"desiredSize\":2}" + " ".repeat(64 * 1024 - 16)),
                arguments("2 MB", "x".repeat(2_000_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("large_bodies")
    void a_large_body_is_refused_and_the_answer_arrives(String name, String body) {
        var announced = post("/pool/size", BodyPublishers.ofString(body), JSON);
        assertThat(error(announced, 413, "PAYLOAD_TOO_LARGE").path("message").asText())
                .contains("64 KiB");
        var streamed = post("/pool/size", streamed(body), JSON);
        error(streamed, 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void a_pool_document_may_be_larger_and_is_as_strict() {
        var brackets = put(BodyPublishers.ofString("[".repeat(100_000)));
        assertThat(error(brackets, 400, "INVALID_INPUT").path("message").asText())
                .contains("nested more than 32");
        var blanks = put(BodyPublishers.ofString(" ".repeat(500_000)));
        assertThat(error(blanks, 400, "INVALID_INPUT").path("message").asText()).contains("is empty");
        var large = put(BodyPublishers.ofString(" ".repeat(1_000_000)));
        assertThat(error(large, 413, "PAYLOAD_TOO_LARGE").path("message").asText())
                .contains("512 KiB");
    }

    @Test
    void a_pool_document_tells_of_all_its_problems_at_once() {
        var answer = put(BodyPublishers.ofString("""
                {"min": "1", "dataVolumes": [{"sizeGb": 10}, {"sizeGB": 0, "encrypted": "no"}],
                 "labels": {"a": 1}, "maxx": 5}"""));
        JsonNode error = error(answer, 400, "INVALID_INPUT");
        assertThat(error.path("field").asText()).isEqualTo("min");
        assertThat(error.path("detail").asText().lines())
                .containsExactly(
                        "min: must be a whole number from 0 to 1000, not \"1\"",
                        "max: is missing",
                        "dataVolumes[1].sizeGb: is missing",
                        "dataVolumes[1].encrypted: must be true or false, not \"no\"",
                        "dataVolumes[1].sizeGB: is not a known field, did you mean \"sizeGb\"?",
                        "labels.a: must be a text, not 1",
                        "maxx: is not a known field, did you mean \"max\"?");
    }

    @Test
    void a_rule_between_fields_is_told_in_its_own_words() {
        var answer = put(BodyPublishers.ofString("{\"min\": 5, \"max\": 2}"));
        assertThat(error(answer, 400, "INVALID_INPUT").path("message").asText()).isEqualTo("max must not be below min");
    }

    static Stream<Arguments> other_types() {
        return Stream.of(
                arguments("what curl -d sends", "application/x-www-form-urlencoded"),
                arguments("plain text", "text/plain"),
                arguments("no type", null),
                arguments("another charset", "application/json; charset=utf-16"),
                arguments("a word that begins alike", "application/jsonp"),
                arguments("nonsense", ";;;"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("other_types")
    void a_body_of_another_type_is_refused_with_a_word_for_curl(String name, @Nullable String type) {
        var answer = post("/pool/size", BodyPublishers.ofString("{\"desiredSize\":2}"), type);
        assertThat(error(answer, 415, "UNSUPPORTED_MEDIA_TYPE").path("message").asText())
                .contains("--json");
    }

    @Test
    void a_body_is_refused_where_none_is_due() {
        var answer = post("/pool/i-1/attach", BodyPublishers.ofString("{}"), JSON);
        assertThat(error(answer, 400, "INVALID_INPUT").path("message").asText()).contains("takes no body");
        answer = post("/pool/i-1/attach", streamed("{}"), JSON);
        error(answer, 400, "INVALID_INPUT");
        answer = fleet.send(Role.OPERATOR, "GET", "/pool/size", BodyPublishers.ofString("{}"), "Content-Type", JSON);
        error(answer, 400, "INVALID_INPUT");
    }

    private HttpResponse<String> post(String path, BodyPublisher body, @Nullable String type) {
        return type == null
                ? fleet.send(Role.OPERATOR, "POST", path, body)
                : fleet.send(Role.OPERATOR, "POST", path, body, "Content-Type", type);
    }

    private HttpResponse<String> put(BodyPublisher body) {
        return fleet.send(Role.ADMIN, "PUT", "/pools/web", body, "Content-Type", JSON);
    }

    /** Sent in chunks, its length not announced. */
    private static BodyPublisher streamed(String body) {
        return BodyPublishers.ofInputStream(() -> new SequenceInputStream(stream(body), InputStream.nullInputStream()));
    }

    private static InputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The error document of an answer, which has exactly its fields and neither a class nor a stack in them. */
    static JsonNode error(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .doesNotContain("io.weir", "java.", "jackson", "jetty", "jersey", "Exception", "Feature");
        JsonNode error = parse(answer.body());
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "detail", "code", "field", "errorId");
        assertThat(error.path("message").isTextual()).isTrue();
        assertThat(error.path("message").asText()).isNotBlank().hasSizeLessThan(500);
        assertThat(error.path("detail").isTextual()).isTrue();
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("errorId").asText()).isNotBlank();
        return error;
    }

    private static JsonNode parse(String body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }
}
