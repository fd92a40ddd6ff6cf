package io.weir.service.server;

import io.weir.certs.Role;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Refusal;
import io.weir.service.caller.Refusals;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.error.ErrorDocument;
import io.weir.service.json.WireJson;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.uri.UriTemplate;
import org.jspecify.annotations.Nullable;

/** Lets a call through to its method only if {@link Allow} names the caller's role; decided before a byte of the body is read. */
@Priority(Priorities.AUTHORIZATION)
final class RoleGate implements ContainerRequestFilter {
    private final Refusals refusals;

    @Context
    private @Nullable ResourceInfo resource;

    RoleGate(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Exchange exchange = (Exchange) request.getProperty(Exchange.KEY);
        exchange.route(route(request));
        Method method = Objects.requireNonNull(resource).getResourceMethod();
        Class<?> type = Objects.requireNonNull(resource).getResourceClass();
        List<Role> allowed = allowed(method, type);
        if (!allowed.contains(exchange.caller().role())) {
            request.abortWith(refused(exchange, allowed));
        }
    }

    private Response refused(Exchange exchange, List<Role> allowed) {
        String who = exchange.caller().role().word();
        String detail = allowed.isEmpty()
                ? "no role may make this call"
                : "it is for " + allowed.stream().map(Role::word).collect(Collectors.joining(", "));
        ApiException error =
                new ApiException(ErrorCode.FORBIDDEN, "the role " + who + " may not make this call", detail);
        ErrorDocument document = Answers.logged(
                exchange.getMethod(),
                exchange.getHttpURI().getPath(),
                error,
                exchange.caller().toString());
        refusals.refused(new Refusal(
                exchange.caller(),
                exchange.subject(),
                exchange.getMethod(),
                exchange.getHttpURI().getPath(),
                error.code(),
                error.message(),
                document.errorId()));
        return Response.status(error.status())
                .type(Answers.JSON)
                .entity(WireJson.bytes(document))
                .build();
    }

    static List<Role> allowed(@Nullable Method method, @Nullable Class<?> type) {
        if (method == null || type == null) {
            return List.of();
        }
        Allow own = method.getAnnotation(Allow.class);
        Allow whole = own == null ? type.getAnnotation(Allow.class) : own;
        return whole == null ? List.of() : Arrays.asList(whole.value());
    }

    /** The path with its variables unfilled, so that metrics have few rows. */
    private static String route(ContainerRequestContext request) {
        if (!(request.getUriInfo() instanceof ExtendedUriInfo uri)) {
            return "unmatched";
        }
        String route = uri.getMatchedTemplates().reversed().stream()
                .map(UriTemplate::getTemplate)
                .collect(Collectors.joining());
        return route.replaceAll("/{2,}", "/").replaceAll("(.)/$", "$1");
    }
}
