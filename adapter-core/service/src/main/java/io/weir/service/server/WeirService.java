package io.weir.service.server;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import io.weir.certs.Tls;
import io.weir.service.caller.Refusals;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A running service: its HTTPS port with the given resources behind client certificates, and its management port. When
 * {@link #start} returns, both ports answer and the first request is as quick as the second.
 */
public final class WeirService {
    private final Server server;
    private final ServerConnector main;
    private final ServerConnector management;

    private WeirService(Server server) {
        this.server = server;
        this.main = (ServerConnector) server.getConnectors()[0];
        this.management = (ServerConnector) server.getConnectors()[1];
    }

    /**
     * Starts a service, or throws a {@link StartProblem} that names what to change.
     *
     * @param resources JAX-RS resources (instances, or classes) and providers
     * @param refusals hears of calls that were refused for who made them
     */
    public static WeirService start(
            ServiceSettings settings, List<Object> resources, Metrics metrics, Readiness readiness, Refusals refusals) {
        return start(settings, resources, metrics, readiness, refusals, () -> {});
    }

    /** @param sure runs before the first request is answered, once nothing that a person has to mend can end the start any more */
    public static WeirService start(
            ServiceSettings settings,
            List<Object> resources,
            Metrics metrics,
            Readiness readiness,
            Refusals refusals,
            Runnable sure) {
        InstantSource wallClock = Clock.systemUTC();
        CompletableFuture<SSLContext> context = CompletableFuture.supplyAsync(() -> rehearsed(settings, wallClock));
        try {
            Server server = build(settings, resources, metrics, readiness, refusals, context);
            var service = new WeirService(server);
            service.open(settings);
            service.ready(context, sure);
            service.run(settings);
            metrics.certificates(
                    () -> Map.of(
                            "server", readable(settings.tls().certificate()),
                            "authority", readable(settings.tls().trust())),
                    wallClock);
            return service;
        } catch (CompletionException e) {
            if (e.getCause() instanceof CertsProblem problem) {
                throw new StartProblem("", String.valueOf(problem.getMessage()));
            }
            throw e;
        }
    }

    private static SSLContext rehearsed(ServiceSettings settings, InstantSource wallClock) {
        SSLContext context = Tls.context(settings.tls(), wallClock);
        Rehearsal.of(context);
        return context;
    }

    private static Server build(
            ServiceSettings settings,
            List<Object> resources,
            Metrics metrics,
            Readiness readiness,
            Refusals refusals,
            CompletableFuture<SSLContext> context) {
        var application = new WeirApplication(settings.name(), resources, refusals);
        var bootstrap = new Bootstrap<Configuration>(application);
        application.initialize(bootstrap);
        var configuration = new Configuration();
        configuration.setServerFactory(new HttpsServer(settings, metrics, readiness, refusals, context));
        var environment = new Environment(
                settings.name(),
                bootstrap.getObjectMapper(),
                bootstrap.getValidatorFactory(),
                bootstrap.getMetricRegistry(),
                bootstrap.getClassLoader(),
                bootstrap.getHealthCheckRegistry(),
                configuration);
        configuration.getServerFactory().configure(environment);
        application.run(configuration, environment);
        return configuration.getServerFactory().build(environment);
    }

    private void open(ServiceSettings settings) {
        try {
            open(main, settings.main());
            open(management, settings.management());
        } catch (StartProblem e) {
            main.close();
            management.close();
            throw e;
        }
    }

    private void ready(CompletableFuture<SSLContext> context, Runnable sure) {
        try {
            context.join();
            sure.run();
        } catch (RuntimeException problem) {
            main.close();
            management.close();
            throw problem;
        }
    }

    private static void open(ServerConnector connector, Listener listener) {
        try {
            connector.open();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartProblem(
                    listener.option(),
                    "cannot listen on " + listener.host() + ":" + listener.port() + " (" + reason(e)
                            + "); choose another, or 0 for any free one");
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof UnresolvedAddressException) {
            return "no such host is known";
        }
        String text = String.valueOf(cause.getMessage());
        return text.contains("in use") ? "it is taken by another program" : text;
    }

    private void run(ServiceSettings settings) {
        var inside = new LocalConnector(server);
        server.addConnector(inside);
        try {
            server.start();
            for (String path : settings.warmUp()) {
                inside.getResponse("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            }
            inside.stop();
            server.removeConnector(inside);
        } catch (Exception e) {
            stop();
            throw new IllegalStateException("the server does not start", e);
        }
    }

    private static List<X509Certificate> readable(Path file) {
        try {
            return Pem.certificates(file);
        } catch (CertsProblem unreadable) {
            return List.of();
        }
    }

    public int port() {
        return main.getLocalPort();
    }

    public int managementPort() {
        return management.getLocalPort();
    }

    /** Where clients of the fleet call. */
    public URI url() {
        return URI.create("https://" + host(main) + ":" + port());
    }

    public URI managementUrl() {
        return URI.create("http://" + host(management) + ":" + managementPort());
    }

    /** A host that a caller on this machine can use: the wildcard address is not one. */
    private static String host(ServerConnector connector) {
        String host = connector.getHost();
        if (host == null || host.equals("0.0.0.0") || host.equals("::")) {
            return "localhost";
        }
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Takes no more requests, lets the running ones end for a moment, and gives the ports back. */
    public void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not stop", e);
        }
    }
}
