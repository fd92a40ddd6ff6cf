package io.weir.openstack.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes back. */
record Answer(int status, @Nullable String type, Map<String, String> headers, byte[] body) {
    static final String JSON = "application/json";
    static final String JSON_UTF8 = "application/json; charset=UTF-8";
    static final String HTML = "text/html; charset=UTF-8";

    static Answer json(int status, JsonNode body) {
        return new Answer(status, JSON, Map.of(), body.toString().getBytes(UTF_8));
    }

    static Answer empty(int status, @Nullable String type) {
        return new Answer(status, type, Map.of(), new byte[0]);
    }

    static Answer html(int status, String text) {
        return new Answer(status, HTML, Map.of(), text.getBytes(UTF_8));
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, type, more, body);
    }

    Answer as(@Nullable String otherType) {
        return new Answer(status, otherType, headers, body);
    }
}
