package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.WireJson;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.jetty.http.HttpStatus;

/** An error that a method answered without a word gets the error document all the same. */
final class EmptyErrors implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() < 400 || response.hasEntity()) {
            return;
        }
        int status = response.getStatus();
        Exchange exchange = (Exchange) request.getProperty(Exchange.KEY);
        var error = new ApiException(status, ErrorCode.of(status), null, HttpStatus.getMessage(status), "");
        var document = Answers.logged(
                exchange.getMethod(),
                exchange.getHttpURI().getPath(),
                error,
                exchange.caller().toString());
        response.setEntity(
                WireJson.bytes(document), new java.lang.annotation.Annotation[0], MediaType.APPLICATION_JSON_TYPE);
    }
}
