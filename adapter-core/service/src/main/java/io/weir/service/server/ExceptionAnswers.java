package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.error.ErrorDocument;
import io.weir.service.json.WireJson;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The one mapper: whatever is thrown on the way of a request becomes an error document. What nobody foresaw is INTERNAL. */
final class ExceptionAnswers implements ExceptionMapper<Throwable> {
    @Inject
    private @Nullable Provider<ContainerRequestContext> requests;

    @Override
    public Response toResponse(Throwable thrown) {
        return response(error(thrown), requests == null ? null : requests.get());
    }

    static Response response(ApiException error, @Nullable ContainerRequestContext request) {
        Exchange exchange = request == null ? null : (Exchange) request.getProperty(Exchange.KEY);
        ErrorDocument document = exchange == null
                ? ErrorDocument.of(error)
                : Answers.logged(
                        exchange.getMethod(),
                        exchange.getHttpURI().getPath(),
                        error,
                        exchange.caller().toString());
        Response.ResponseBuilder answer = Response.status(error.status())
                .type(Answers.JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(WireJson.bytes(document));
        error.headers().forEach(answer::header);
        return answer.build();
    }

    static ApiException error(Throwable thrown) {
        if (thrown instanceof ApiException known) {
            return known;
        }
        if (thrown instanceof WebApplicationException framework) {
            return error(framework);
        }
        return new ApiException(ErrorCode.INTERNAL, "an error inside; the errorId is found in the log").because(thrown);
    }

    private static ApiException error(WebApplicationException framework) {
        int status = framework.getResponse().getStatus();
        ErrorCode code = ErrorCode.of(status);
        ApiException error = new ApiException(status, code, null, message(status), "");
        String allow = framework.getResponse().getHeaderString(HttpHeaders.ALLOW);
        if (status >= 500) {
            error = error.because(framework);
        }
        return allow == null ? error : error.withHeader(HttpHeaders.ALLOW, allow);
    }

    private static String message(int status) {
        return switch (status) {
            case 400 -> "the request's path, query or headers cannot be read";
            case 404 -> "there is nothing at this path";
            case 405 -> "this path does not answer this method";
            case 406 -> "answers are application/json";
            default -> status < 500 ? "the request is refused" : "an error inside; the errorId is found in the log";
        };
    }
}
