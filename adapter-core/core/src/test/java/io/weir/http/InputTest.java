package io.weir.http;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are not what is due: a 4xx with a JSON error that names the field or the reason, at once, and nothing changed. */
class InputTest {
    private static final String SIZE = "/pools/default/pool/size";
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path home = Path.of("");

    private static LiveFleet fleet;
    private static Adapter adapter;
    private static String machine = "";
    private static int events;

    @BeforeAll
    static void open() throws Exception {
        fleet = new LiveFleet(home.resolve("certs"));
        adapter = fleet.adapter;
        adapter.json(Role.ADMIN, "PUT", "/pools/default", "{\"min\": 1, \"max\": 100, \"size\": 2}");
        await().until(() -> running().size() == 2);
        machine = running().getFirst();
        adapter.json(Role.OPERATOR, "POST", SIZE, "{\"desiredSize\": 2}");
        events = eventCount();
    }

    @AfterAll
    static void close() {
        fleet.close();
    }

    @AfterEach
    void nothingChanged() throws Exception {
        JsonNode size = JSON.readTree(adapter.get(Role.VIEWER, SIZE).body());
        assertThat(size.path("desiredSize").asInt()).isEqualTo(2);
        assertThat(size.path("hold").isNull()).isTrue();
        assertThat(running()).hasSize(2);
        assertThat(eventCount()).isEqualTo(events);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("null", "{\"desiredSize\": null}", "desiredSize"),
                arguments("missing", "{}", "desiredSize"),
                arguments("fraction", "{\"desiredSize\": 2.7}", "desiredSize"),
                arguments("whole fraction", "{\"desiredSize\": 2.0}", "desiredSize"),
                arguments("exponent", "{\"desiredSize\": 1e1}", "desiredSize"),
                arguments("string", "{\"desiredSize\": \"3\"}", "desiredSize"),
                arguments("boolean", "{\"desiredSize\": true}", "desiredSize"),
                arguments("list", "{\"desiredSize\": [3]}", "desiredSize"),
                arguments("negative", "{\"desiredSize\": -5}", "desiredSize"),
                arguments("below min", "{\"desiredSize\": 0}", "desiredSize"),
                arguments("above max", "{\"desiredSize\": 101}", "desiredSize"),
                arguments("above int", "{\"desiredSize\": 2147483648}", "desiredSize"),
                arguments("above long", "{\"desiredSize\": 9223372036854775808}", "desiredSize"),
                arguments("400 digits", "{\"desiredSize\": " + "9".repeat(400) + "}", "desiredSize"),
                arguments("100,000 digits", "{\"desiredSize\": " + "9".repeat(50_000) + "}", ""),
                arguments("NaN", "{\"desiredSize\": NaN}", ""),
                arguments("infinity", "{\"desiredSize\": Infinity}", ""),
                arguments("unknown field", "{\"desiredSize\": 3, \"reson\": \"x\"}", "reson"),
                arguments("unknown instead", "{\"desiredsize\": 3}", "desiredSize"),
                arguments("duplicate", "{\"desiredSize\": 3, \"desiredSize\": 4}", "desiredSize"),
                arguments("trailing tokens", "{\"desiredSize\": 3} x", ""),
                arguments("trailing brace", "{\"desiredSize\": 3}}", ""),
                arguments("two documents", "{\"desiredSize\": 3}{\"desiredSize\": 4}", ""),
                arguments("block comment", "{/* five */ \"desiredSize\": 3}", ""),
                arguments("line comment", "{\"desiredSize\": 3} // three", ""),
                arguments("yaml comment", "# three\n{\"desiredSize\": 3}", ""),
                arguments("trailing comma", "{\"desiredSize\": 3,}", ""),
                arguments("single quotes", "{'desiredSize': 3}", ""),
                arguments("cut off", "{\"desiredSize\": 3", ""),
                arguments("empty", "", ""),
                arguments("blanks", " \n ", ""),
                arguments("a bare null", "null", ""),
                arguments("a bare number", "3", ""),
                arguments("a list", "[{\"desiredSize\": 3}]", ""),
                arguments("not json", "desiredSize=3", ""),
                arguments("nested brackets", "[".repeat(50_000) + "]".repeat(10_000), ""),
                arguments("a null reason", "{\"desiredSize\": 3, \"reason\": null}", "reason"),
                arguments("a long reason", "{\"desiredSize\": 3, \"reason\": \"" + "x".repeat(501) + "\"}", "reason"),
                arguments("a hold of no time", "{\"desiredSize\": 3, \"holdMinutes\": 0}", "holdMinutes"),
                arguments("a hold of weeks", "{\"desiredSize\": 3, \"holdMinutes\": 20000}", "holdMinutes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void a_wrong_size_is_400_and_says_what_is_wrong(String name, String body, String field) throws Exception {
        Instant start = Instant.now();

        var answer = adapter.json(Role.OPERATOR, "POST", SIZE, body);

        assertThat(Duration.between(start, Instant.now())).isLessThan(AT_ONCE);
        assertRefused(answer, 400, field);
    }

    @Test
    void a_wide_encoding_is_named() throws Exception {
        var answer = adapter.send(
                Role.OPERATOR,
                adapter.request(SIZE)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray("{\"desiredSize\": 3}".getBytes(UTF_16))));

        assertRefused(answer, 400, "");
        assertThat(answer.body()).contains("UTF-16");
    }

    @Test
    void bytes_that_are_no_text_are_refused() throws Exception {
        byte[] body = "{\"desiredSize\": 3, \"reason\": \"?\"}".getBytes(UTF_8);
        body[body.length - 3] = (byte) 0xff;
        var answer = adapter.send(
                Role.OPERATOR,
                adapter.request(SIZE)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)));

        assertRefused(answer, 400, "");
    }

    @ParameterizedTest
    @CsvSource({"1000000, ' '", "100000, '['", "1900000, 'x'"})
    void a_body_that_is_too_large_is_refused_and_the_answer_arrives(int length, String letter) throws Exception {
        Instant start = Instant.now();

        var answer = adapter.json(Role.OPERATOR, "POST", SIZE, letter.repeat(length));

        assertThat(Duration.between(start, Instant.now())).isLessThan(AT_ONCE);
        assertRefused(answer, 413, "");
    }

    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded", "text/plain", "application/xml", "application/json;charset=utf-16"
    })
    void another_media_type_is_415_and_tells_how_with_curl(String type) throws Exception {
        var answer = adapter.send(
                Role.OPERATOR,
                adapter.request(SIZE)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("{\"desiredSize\": 3}")));

        assertRefused(answer, 415, "");
        assertThat(answer.body()).contains("--json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /pool/i-1/terminate         | {}                                            | decrementDesiredSize
                    /pool/i-1/terminate         | {"decrementDesiredSize": null}                | decrementDesiredSize
                    /pool/i-1/terminate         | {"decrementDesiredSize": "false"}             | decrementDesiredSize
                    /pool/i-1/terminate         | {"decrementDesiredSize": 0}                   | decrementDesiredSize
                    /pool/i-1/terminate         | {"machineId": "i-1", "decrementDesiredSize": true} | machineId
                    /pool/i-1/detach            | {"decrementDesiredsize": true}                | decrementDesiredSize
                    /pool/i-1/serviceState      | {"serviceState": "in_service"}                | serviceState
                    /pool/i-1/serviceState      | {"serviceState": 1}                           | serviceState
                    /pool/terminate             | {"decrementDesiredSize": true}                | machineId
                    /pool/terminate             | {"machineId": "", "decrementDesiredSize": true} | machineId
                    /pool/terminate             | {"machineId": 7, "decrementDesiredSize": true} | machineId
                    /pool/detach                | {"machineId": "i-1"}                          | decrementDesiredSize
                    /pool/attach                | {"machineId": null}                           | machineId
                    /pool/serviceState          | {"machineId": "i-1", "serviceState": "GONE"}  | serviceState
                    /pool/membershipStatus      | {"machineId": "i-1"}                          | membershipStatus
                    /pool/membershipStatus      | {"machineId": "i-1", "membershipStatus": {"active": true}} | membershipStatus.evictable
                    /pool/membershipStatus      | {"machineId": "i-1", "membershipStatus": {"active": 1, "evictable": true}} | membershipStatus.active
                    /pool/membershipStatus      | {"machineId": "i-1", "membershipStatus": {"active": true, "evictable": true, "x": 1}} | membershipStatus.x
                    /config                     | {"cloudApiSettings": {}}                      | max
                    /freeze                     | {}                                            | reason
                    """)
    void each_body_is_read_strictly(String path, String body, String field) throws Exception {
        String named = body.replace("i-1", machine);
        assertRefused(
                adapter.json(Role.ADMIN, "POST", "/pools/default" + path.replace("i-1", machine), named), 400, field);
    }

    @ParameterizedTest
    @CsvSource({"/pool/i-1/attach", "/start", "/stop", "/adopt", "/breaker/reset", "/scopes/zone-a/lost"})
    void a_call_that_takes_none_refuses_a_body(String path) throws Exception {
        String named = "/pools/default" + path.replace("i-1", machine);
        assertRefused(adapter.json(Role.ADMIN, "POST", named, "{}"), 400, "");
    }

    @ParameterizedTest
    @CsvSource({"/pool/i-1/attach", "/start"})
    void a_content_type_without_a_body_is_passed_over(String path) {
        var answer = adapter.json(Role.ADMIN, "POST", "/pools/default" + path.replace("i-1", machine), "");

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"7, 400", "W/\"1\", 412", "\"abc\", 412", "'\"1\", \"2\"', 400", "\"99\", 412"})
    void a_tag_that_does_not_match_changes_nothing(String tag, int status) throws Exception {
        var answer = adapter.json(Role.OPERATOR, "POST", SIZE, "{\"desiredSize\": 3}", "If-Match", tag);

        assertRefused(answer, status, status == 400 ? "If-Match" : "");
    }

    @ParameterizedTest
    @CsvSource({"limit=0, limit", "limit=1001, limit", "limit=x, limit", "after=-1, after", "after=1.5, after"})
    void a_query_is_read_strictly(String query, String field) throws Exception {
        assertRefused(adapter.get(Role.VIEWER, "/pools/default/events?" + query), 400, field);
    }

    /** Each look is another role's, because the door lets an identity ask only so often. */
    private static List<String> running() throws Exception {
        List<String> ids = new ArrayList<>();
        JSON.readTree(adapter.get(Role.MONITOR, "/pool").body())
                .path("machines")
                .forEach(one -> {
                    if (one.path("machineState").asText().equals("RUNNING")) {
                        ids.add(one.path("id").asText());
                    }
                });
        return ids;
    }

    private static int eventCount() throws Exception {
        return JSON.readTree(adapter.get(Role.AUTOSCALER, "/events?limit=1000").body())
                .path("events")
                .size();
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String field) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        JsonNode error = JSON.readTree(answer.body());
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("detail").isTextual()).isTrue();
        assertThat(error.path("errorId").asText()).isNotBlank();
        if (!field.isEmpty()) {
            assertThat(error.path("field").asText()).isEqualTo(field);
            assertThat(error.path("message").asText()).contains(field);
        }
        assertThat(answer.body()).doesNotContain("io.weir", "jackson", "Exception", "\tat ");
    }
}
