package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorDocument;
import io.weir.service.json.WireJson;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes error documents, and one line of log for each, which has the document's errorId. */
final class Answers {
    static final String JSON = "application/json";

    private static final Logger LOG = LoggerFactory.getLogger("io.weir.service.errors");

    private Answers() {}

    static void error(Request request, Response response, Callback callback, ApiException error) {
        ErrorDocument document = logged(request.getMethod(), Request.getPathInContext(request), error, "");
        error(request, response, callback, error, document);
    }

    static void error(
            Request request, Response response, Callback callback, ApiException error, ErrorDocument document) {
        response.setStatus(error.status());
        error.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        body(request, response, callback, JSON, WireJson.bytes(document));
    }

    static void body(Request request, Response response, Callback callback, String type, byte[] bytes) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        boolean head = "HEAD".equals(request.getMethod());
        response.write(true, head ? null : ByteBuffer.wrap(bytes), callback);
    }

    /** The document of an error, after its line in the log: with the cause where the fault is ours. */
    static ErrorDocument logged(String method, String path, ApiException error, String caller) {
        ErrorDocument document = ErrorDocument.of(error);
        String by = caller.isEmpty() ? "" : " for " + caller;
        if (error.status() >= 500 && error.getCause() != null) {
            LOG.error(
                    "{} {}{}: {} {} [{}]",
                    method,
                    path,
                    by,
                    error.status(),
                    error.message(),
                    document.errorId(),
                    error.getCause());
        } else {
            LOG.info(
                    "{} {}{}: {} {} {} [{}]",
                    method,
                    path,
                    by,
                    error.status(),
                    error.code(),
                    error.message(),
                    document.errorId());
        }
        return document;
    }
}
