package io.weir.service.server;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.Body;
import io.weir.service.json.BodyLimit;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the body that the method asks for, after the roles are decided.
 *
 * <ol>
 *   <li>A method without a {@link Body} wants none: an empty one passes whatever its type, any other is 400.
 *   <li>A method with one: an empty body is 400; one that is not {@code application/json} in UTF-8 is 415, with a word on how to send
 *       JSON with curl.
 * </ol>
 */
@Priority(Priorities.ENTITY_CODER)
final class BodyGate implements ContainerRequestFilter {
    @Context
    private @Nullable ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        Exchange exchange = (Exchange) request.getProperty(Exchange.KEY);
        Method method = Objects.requireNonNull(resource).getResourceMethod();
        if (Arrays.asList(method.getParameterTypes()).contains(Body.class)) {
            request.setEntityStream(new ByteArrayInputStream(due(exchange, method)));
        } else if (exchange.announcesBody() && new Intake(exchange, BodyLimit.USUAL).body().length > 0) {
            throw ApiException.invalid("this call takes no body");
        }
    }

    private static byte[] due(Exchange exchange, Method method) {
        if (exchange.announcesBody() && !json(exchange.contentType())) {
            throw unsupported(exchange.contentType());
        }
        BodyLimit limit = method.getAnnotation(BodyLimit.class);
        byte[] body = new Intake(exchange, limit == null ? BodyLimit.USUAL : limit.value()).body();
        if (body.length == 0) {
            throw ApiException.invalid("the body is empty; a JSON document is due");
        }
        return body;
    }

    private static boolean json(@Nullable String type) {
        if (type == null) {
            return false;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).replace(" ", "").split(";", -1);
        boolean utf8 = Arrays.stream(parts)
                .skip(1)
                .filter(part -> part.startsWith("charset="))
                .allMatch(part -> part.equals("charset=utf-8") || part.equals("charset=\"utf-8\""));
        return parts[0].equals("application/json") && utf8;
    }

    private static ApiException unsupported(@Nullable String type) {
        String given = type == null ? "has no Content-Type" : "is " + (type.length() > 80 ? "of another type" : type);
        return new ApiException(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "the body " + given + "; application/json is due: with curl, send it with --json '…' in place of -d",
                "older curl: -H 'Content-Type: application/json' -d '…'");
    }
}
