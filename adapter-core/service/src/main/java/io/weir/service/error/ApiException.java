package io.weir.service.error;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that ends in an error document. Everything in it travels to the caller, so none of it may be a secret or a class name. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final ErrorCode code;
    private final @Nullable String field;
    private final String text;
    private final String detail;
    private final transient Map<String, String> headers;
    private final transient Map<String, Object> more;

    private ApiException(
            int status,
            ErrorCode code,
            @Nullable String field,
            String text,
            String detail,
            Map<String, String> headers,
            Map<String, Object> more,
            @Nullable Throwable cause) {
        super(text, cause);
        this.status = status;
        this.code = code;
        this.field = field;
        this.text = text;
        this.detail = detail;
        this.headers = headers;
        this.more = more;
    }

    public ApiException(int status, ErrorCode code, @Nullable String field, String message, String detail) {
        this(status, code, field, message, detail, Map.of(), Map.of(), null);
    }

    public ApiException(ErrorCode code, String message, String detail) {
        this(code.status(), code, null, message, detail);
    }

    public ApiException(ErrorCode code, String message) {
        this(code, message, "");
    }

    /** A field of the input is at fault. */
    public static ApiException invalid(String field, String message) {
        return new ApiException(400, ErrorCode.INVALID_INPUT, field, message, "");
    }

    /** The input is at fault, but no single field of it. */
    public static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_INPUT, message);
    }

    public static ApiException notFound(String message) {
        return new ApiException(ErrorCode.NOT_FOUND, message);
    }

    /** The same error with one more header on its answer. */
    public ApiException withHeader(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new ApiException(status, code, field, text, detail, all, more, getCause());
    }

    /** The same error with one more thing told in its document. */
    public ApiException with(String name, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.put(name, value);
        return new ApiException(status, code, field, text, detail, headers, all, getCause());
    }

    /** The same error, whose cause is written to the log and never to the caller. */
    public ApiException because(Throwable cause) {
        return new ApiException(status, code, field, text, detail, headers, more, cause);
    }

    public int status() {
        return status;
    }

    public ErrorCode code() {
        return code;
    }

    public @Nullable String field() {
        return field;
    }

    public String message() {
        return text;
    }

    public String detail() {
        return detail;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public Map<String, Object> more() {
        return more;
    }
}
