package io.weir.service.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogsTest {
    private static final Logger LOG = LoggerFactory.getLogger("io.weir.sample.Room");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream realErr = System.err;
    private final PrintStream realOut = System.out;

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(realErr);
        System.setOut(realOut);
        Logs.configure(LogFormat.TEXT, LogLevel.WARN);
    }

    @Test
    void an_event_is_one_line_on_standard_error_whatever_is_in_it() {
        Logs.configure(LogFormat.TEXT, LogLevel.INFO);
        LOG.info("pool {} said\r\n2026-01-01 ERROR nothing of \u001b[31mthe kind", "web");
        assertThat(lines())
                .singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  Room +"
                        + "pool web said 2026-01-01 ERROR nothing of  \\[31mthe kind");
        assertThat(out.size()).isZero();
    }

    @Test
    void an_event_as_json_has_everything_in_one_object() throws IOException {
        Logs.configure(LogFormat.JSON, LogLevel.INFO);
        LOG.warn("a \"quoted\" word\nand a line", new IllegalStateException("why"));
        assertThat(lines()).hasSize(1);
        JsonNode line = new ObjectMapper().readTree(lines()[0]);
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger").asText()).isEqualTo("io.weir.sample.Room");
        assertThat(line.path("message").asText()).isEqualTo("a \"quoted\" word\nand a line");
        assertThat(line.path("error").asText()).contains("IllegalStateException: why");
    }

    @Test
    void what_is_given_with_a_message_is_a_field_of_the_json_and_stays_out_of_the_text() throws IOException {
        Logs.configure(LogFormat.JSON, LogLevel.INFO);
        tellOfWeb();
        JsonNode line = new ObjectMapper().readTree(lines()[0]);
        assertThat(line.path("pool").asText()).isEqualTo("web");
        assertThat(line.path("machines")).extracting(JsonNode::asText).containsExactly("i-1", "i-2");
        assertThat(line.path("level").asText()).isEqualTo("INFO");

        Logs.configure(LogFormat.TEXT, LogLevel.INFO);
        tellOfWeb();
        assertThat(lines()[1]).endsWith("Room               two run");
    }

    private static void tellOfWeb() {
        LOG.atInfo()
                .addKeyValue("pool", "web")
                .addKeyValue("machines", java.util.List.of("i-1", "i-2"))
                .addKeyValue("level", "none of a caller's business")
                .log("two run");
    }

    @Test
    void our_rooms_speak_at_the_given_level_others_at_warn_and_single_ones_as_set() {
        Logs.configure(LogFormat.TEXT, LogLevel.INFO, Map.of("io.weir.service.requests", LogLevel.DEBUG));
        LOG.debug("quiet");
        LOG.info("told");
        LoggerFactory.getLogger("org.example").info("quiet");
        LoggerFactory.getLogger("org.example").warn("loud");
        LoggerFactory.getLogger("io.weir.service.requests").debug("request");
        java.util.logging.Logger.getLogger("org.example.old").warning("old");
        assertThat(lines()).hasSize(4);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("told", "loud", "request", "old")
                .doesNotContain("quiet");
    }

    private String[] lines() {
        return err.toString(StandardCharsets.UTF_8).split("\n");
    }
}
