package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What the server answers by itself, such as to a request line that is none: the same error document as everything else. */
final class ErrorAnswers extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Throwable cause = (Throwable) request.getAttribute(ERROR_EXCEPTION);
        int status = cause instanceof HttpException http ? http.getCode() : response.getStatus();
        if (status < 400) {
            status = 500;
        }
        if (cause instanceof HttpException) {
            // What was no request is not followed by another: the server hangs up, and says so.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        ErrorCode code = ErrorCode.of(status);
        ApiException error = new ApiException(status, code, null, message(status), reason(cause));
        if (status >= 500 && cause != null) {
            error = error.because(cause);
        }
        if (HttpStatus.hasNoBody(status)) {
            callback.succeeded();
        } else {
            Answers.error(request, response, callback, error);
        }
        return true;
    }

    /** What exactly is wrong with a request that is none, in the server's fixed words. */
    private static String reason(@Nullable Throwable cause) {
        return cause instanceof HttpException http && http.getReason() != null ? http.getReason() : "";
    }

    private static String message(int status) {
        return switch (status) {
            case 400 -> "the request is not HTTP/1.1 as this server reads it";
            case 404 -> "there is nothing at this path";
            case 408 -> "the request came too slowly";
            case 414 -> "the request's address is too long";
            case 431 -> "the request's headers are larger than 8 KiB";
            case 500 -> "an error inside; the errorId is found in the log";
            case 503 -> "the service is stopping, or has too much to do";
            default -> HttpStatus.getMessage(status);
        };
    }
}
