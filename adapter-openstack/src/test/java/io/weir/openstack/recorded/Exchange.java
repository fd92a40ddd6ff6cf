package io.weir.openstack.recorded;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, masked: what differs from run to run (ids, times, addresses) is a word in angle brackets.
 *
 * @param what the step of the scenario
 * @param version the microversion asked for
 * @param text a body that is no JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Exchange(
        String what,
        String method,
        String path,
        @Nullable String version,
        @Nullable JsonNode sent,
        int status,
        Map<String, String> headers,
        @Nullable JsonNode body,
        @Nullable String text) {}
