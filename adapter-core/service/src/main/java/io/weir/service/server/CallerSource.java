package io.weir.service.server;

import io.weir.service.caller.Caller;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.function.Supplier;

/** Hands the caller of the present request to methods that take it with {@code @Context}. */
final class CallerSource implements Supplier<Caller> {
    private final ContainerRequestContext request;

    @Inject
    CallerSource(ContainerRequestContext request) {
        this.request = request;
    }

    @Override
    public Caller get() {
        return ((Exchange) request.getProperty(Exchange.KEY)).caller();
    }
}
