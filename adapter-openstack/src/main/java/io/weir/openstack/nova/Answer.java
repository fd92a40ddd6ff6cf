package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openstack4j.api.exceptions.ClientResponseException;
import org.openstack4j.core.transport.ExecutionOptions;
import org.openstack4j.core.transport.HttpEntityHandler;
import org.openstack4j.core.transport.HttpResponse;
import org.openstack4j.core.transport.ListType;
import org.openstack4j.core.transport.ObjectMapperSingleton;

/** What came back, read to its last byte. Header names are not case-sensitive. */
final class Answer implements HttpResponse {
    private final java.net.http.HttpResponse<byte[]> response;

    Answer(java.net.http.HttpResponse<byte[]> response) {
        this.response = response;
    }

    byte[] body() {
        return response.body();
    }

    @Override
    public int getStatus() {
        return response.statusCode();
    }

    @Override
    public String getStatusMessage() {
        return "HTTP " + getStatus();
    }

    @Override
    public <T> T getEntity(Class<T> type) {
        return HttpEntityHandler.handle(this, type, null, true);
    }

    @Override
    public <T> T getEntity(Class<T> type, ExecutionOptions<T> options) {
        return HttpEntityHandler.handle(this, type, options, true);
    }

    /** An answer with something behind its JSON is not one that was understood, nor is a list without a list in it. */
    @Override
    public <T> T readEntity(Class<T> type) {
        try {
            ObjectMapper mapper = ObjectMapperSingleton.getContext(type);
            if (ListType.class.isAssignableFrom(type) && !hasList(mapper.readTree(body()))) {
                throw new IOException("there is no list in it");
            }
            return mapper.readerFor(type)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(body());
        } catch (IOException notTheirs) {
            throw new ClientResponseException(
                    "an answer that is not understood: " + getContentType(), getStatus(), notTheirs);
        }
    }

    private static boolean hasList(JsonNode body) {
        for (JsonNode field : body) {
            if (field.isArray()) {
                return true;
            }
        }
        return false;
    }

    @Override
    @SuppressWarnings("NullAway") // openstack4j's interface is not annotated: null is its "none"
    public @Nullable String getContentType() {
        return header("Content-Type");
    }

    @Override
    public InputStream getInputStream() {
        return new ByteArrayInputStream(body());
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public @Nullable String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    @Override
    public void close() {}
}
