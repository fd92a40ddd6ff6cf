package io.weir.service.server;

import io.weir.service.caller.Caller;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** One request on its way through the house: who makes it, what came with it, and what became known of it since. */
final class Exchange extends Request.Wrapper {
    static final String KEY = "io.weir.exchange";

    private final Caller caller;
    private final String subject;
    private final HttpFields headers;
    private final @Nullable String contentType;
    private String route = "unmatched";
    private boolean broken;
    private boolean begun;

    /**
     * The content type is taken out of the headers that the framework sees: whether one is due depends on the body, and only the
     * intake knows it.
     */
    Exchange(Request request, Caller caller, String subject) {
        super(request);
        this.caller = caller;
        this.subject = subject;
        this.contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        this.headers = contentType == null
                ? request.getHeaders()
                : HttpFields.build(request.getHeaders()).remove(HttpHeader.CONTENT_TYPE);
        setAttribute(KEY, this);
    }

    Caller caller() {
        return caller;
    }

    String subject() {
        return subject;
    }

    @Nullable
    String contentType() {
        return contentType;
    }

    String route() {
        return route;
    }

    void route(String matched) {
        route = matched;
    }

    /** The body cannot be read to its end: the connection ends with the answer. */
    boolean broken() {
        return broken;
    }

    void breakOff() {
        broken = true;
    }

    /** Somebody began to take the body in, so a client that asked whether to send it was told to. */
    void beginBody() {
        begun = true;
    }

    /** The client waits to be told to send its body, and was not. */
    boolean holdsBack() {
        return !begun && getHeaders().contains(HttpHeader.EXPECT);
    }

    /** Whether the client announced a body. */
    boolean announcesBody() {
        return getLength() > 0 || getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }

    /** What is left of the body is drained by the door, after the answer. */
    @Override
    public boolean consumeAvailable() {
        return true;
    }
}
