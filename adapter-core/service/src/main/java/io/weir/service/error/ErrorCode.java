package io.weir.service.error;

/** The closed set of reasons that an error document may give, each with the HTTP status it has unless the door says otherwise. */
public enum ErrorCode {
    INVALID_INPUT(400),
    NOT_EVICTABLE(400),
    STOPPED(400),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    NOT_ACCEPTABLE(406),
    TOO_SLOW(408),
    CONFLICT(409),
    SIZE_HELD(409),
    PRECONDITION_FAILED(412),
    PAYLOAD_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    TOO_MANY_REQUESTS(429),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    CLOUD_FAILURE(502),
    SIZE_UNKNOWN(502),
    FROZEN(503),
    UNAVAILABLE(503);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** The code of an HTTP status that a framework chose. */
    public static ErrorCode of(int status) {
        return switch (status) {
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> TOO_SLOW;
            case 409 -> CONFLICT;
            case 412 -> PRECONDITION_FAILED;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> TOO_MANY_REQUESTS;
            case 431 -> HEADERS_TOO_LARGE;
            case 502 -> CLOUD_FAILURE;
            case 503 -> UNAVAILABLE;
            default -> status < 500 ? INVALID_INPUT : INTERNAL;
        };
    }
}
