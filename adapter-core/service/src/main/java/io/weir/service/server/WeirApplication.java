package io.weir.service.server;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.weir.service.caller.Caller;
import io.weir.service.caller.Refusals;
import java.util.List;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.process.internal.RequestScoped;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.servlet.ServletContainer;

/**
 * The resources of a service, as Dropwizard runs them: exactly the given ones and the gates of this house; nothing is looked for on
 * the class path, so nothing reads or writes a document but our own readers and writers.
 */
final class WeirApplication extends Application<Configuration> {
    private final String name;
    private final List<Object> resources;
    private final Refusals refusals;

    WeirApplication(String name, List<Object> resources, Refusals refusals) {
        this.name = name;
        this.resources = resources;
        this.refusals = refusals;
    }

    @Override
    public String getName() {
        return name;
    }

    /** Logging is set up by the program, before this. */
    @Override
    protected void bootstrapLogging() {}

    @Override
    public void run(Configuration configuration, Environment environment) {
        environment.jersey().replace(framework -> new ServletContainer(jersey()));
    }

    private ResourceConfig jersey() {
        var jersey = new ResourceConfig();
        jersey.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        jersey.property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
        jersey.property(ServerProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
        jersey.property(ServerProperties.BV_FEATURE_DISABLE, true);
        jersey.property(ServerProperties.JSON_PROCESSING_FEATURE_DISABLE, true);
        jersey.property(ServerProperties.MOXY_JSON_FEATURE_DISABLE, true);
        jersey.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        jersey.register(new RoleGate(refusals));
        jersey.register(new BodyGate());
        jersey.register(new BodyReader());
        jersey.register(new AnswerWriter());
        jersey.register(new AnswerGate());
        jersey.register(new ExceptionAnswers());
        jersey.register(new AbstractBinder() {
            @Override
            protected void configure() {
                bindFactory(CallerSource.class).to(Caller.class).in(RequestScoped.class);
            }
        });
        for (Object resource : resources) {
            if (resource instanceof Class<?> type) {
                jersey.register(type);
            } else {
                jersey.register(resource);
            }
        }
        return jersey;
    }
}
