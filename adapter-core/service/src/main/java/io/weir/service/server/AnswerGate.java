package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.error.ErrorDocument;
import io.weir.service.json.WireJson;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Objects;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * What goes out.
 *
 * <ol>
 *   <li>Answers are JSON; a GET by a client that takes no JSON is 406. A method that produces something else says so.
 *   <li>An error that a method answered without a word gets its error document.
 * </ol>
 */
@Priority(Priorities.AUTHORIZATION + 1)
final class AnswerGate implements ContainerRequestFilter, ContainerResponseFilter {
    @Context
    private @Nullable ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        boolean asks = request.getMethod().equals("GET") && json();
        if (asks
                && request.getAcceptableMediaTypes().stream()
                        .noneMatch(MediaType.APPLICATION_JSON_TYPE::isCompatible)) {
            throw new ApiException(ErrorCode.NOT_ACCEPTABLE, "answers are application/json");
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() >= 400 && !response.hasEntity()) {
            response.setEntity(document(request, response.getStatus()), new Annotation[0], null);
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, Answers.JSON);
        } else if (response.hasEntity() && json()) {
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, Answers.JSON);
        }
    }

    private static byte[] document(ContainerRequestContext request, int status) {
        Exchange exchange = (Exchange) request.getProperty(Exchange.KEY);
        var error = new ApiException(status, ErrorCode.of(status), null, HttpStatus.getMessage(status), "");
        ErrorDocument document = Answers.logged(
                exchange.getMethod(),
                exchange.getHttpURI().getPath(),
                error,
                exchange.caller().toString());
        return WireJson.bytes(document);
    }

    /** Whether the method answers JSON; one that was not even found does. */
    private boolean json() {
        Method method = Objects.requireNonNull(resource).getResourceMethod();
        return method == null
                || (!method.isAnnotationPresent(Produces.class)
                        && !method.getDeclaringClass().isAnnotationPresent(Produces.class));
    }
}
