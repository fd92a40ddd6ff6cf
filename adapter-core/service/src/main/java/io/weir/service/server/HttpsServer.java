package io.weir.service.server;

import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import io.weir.certs.Tls;
import io.weir.service.caller.Callers;
import io.weir.service.caller.Refusals;
import io.weir.service.caller.RequestLimits;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Builds the server of a service for Dropwizard.
 *
 * <ol>
 *   <li>The main connector speaks HTTP/1.1 over TLS 1.3 or 1.2 and ends the handshake without a client certificate that is trusted.
 *   <li>The management connector speaks plain HTTP/1.1. The framework's own admin port does not exist.
 *   <li>Headers are at most 8 KiB.
 *   <li>Requests run on virtual threads; the few platform threads only accept and select.
 *   <li>A stop lets running requests end for at most {@value #STOP_MILLIS} ms.
 * </ol>
 */
final class HttpsServer implements ServerFactory {
    static final int STOP_MILLIS = 3_000;

    private static final int HEADER_BYTES = 8 * 1024;
    private static final int IDLE_MILLIS = 60_000;
    private static final int PLATFORM_THREADS = 16;

    private final ServiceSettings settings;
    private final Metrics metrics;
    private final Readiness readiness;
    private final Refusals refusals;
    private final CompletableFuture<SSLContext> context;

    HttpsServer(
            ServiceSettings settings,
            Metrics metrics,
            Readiness readiness,
            Refusals refusals,
            CompletableFuture<SSLContext> context) {
        this.settings = settings;
        this.metrics = metrics;
        this.readiness = readiness;
        this.refusals = refusals;
        this.context = context;
    }

    @Override
    public void configure(Environment environment) {
        // Nothing here may be changed from a file.
    }

    @Override
    public Server build(Environment environment) {
        var threads = new QueuedThreadPool(PLATFORM_THREADS, 4);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("request-"));
        var server = new Server(threads);
        environment.lifecycle().attach(server);
        server.setErrorHandler(new ErrorAnswers());
        server.setStopTimeout(STOP_MILLIS);
        ServerConnector main = main(server);
        ServerConnector management = management(server);
        server.addConnector(main);
        server.addConnector(management);
        var door = new Door(
                main,
                management,
                callers(),
                new RequestLimits(settings.rates(), System::nanoTime),
                refusals,
                metrics,
                new Vitals(settings.name(), metrics, readiness));
        door.setHandler(resources(environment));
        server.setHandler(new GracefulHandler(door));
        return server;
    }

    private Callers callers() {
        try {
            return new Callers(settings.subjects());
        } catch (IllegalArgumentException e) {
            throw new StartProblem("subjects", "a row is not a certificate's subject such as CN=scaler,O=Example");
        }
    }

    private static ServletContextHandler resources(Environment environment) {
        ServletContextHandler context = environment.getApplicationContext();
        var jersey = new ServletHolder("jersey", Objects.requireNonNull(environment.getJerseyServletContainer()));
        jersey.setInitOrder(0);
        context.addServlet(jersey, "/*");
        context.setErrorHandler(new ErrorAnswers());
        return context;
    }

    private ServerConnector main(Server server) {
        HttpConfiguration http = http();
        // Any name leads here: whom to believe is the client's decision, made in the handshake.
        http.addCustomizer(new SecureRequestCustomizer(false));
        var tls = new SslContextFactory.Server();
        tls.setSslContext(context.join());
        tls.setNeedClientAuth(true);
        tls.setRenegotiationAllowed(false);
        tls.setIncludeProtocols(Tls.PROTOCOLS.toArray(String[]::new));
        var plain = new HttpConnectionFactory(http);
        return connector(server, settings.main(), new SslConnectionFactory(tls, plain.getProtocol()), plain);
    }

    private ServerConnector management(Server server) {
        return connector(server, settings.management(), new HttpConnectionFactory(http()));
    }

    private static ServerConnector connector(
            Server server, Listener listener, org.eclipse.jetty.server.ConnectionFactory... factories) {
        var connector = new ServerConnector(server, null, null, null, 1, 1, factories);
        connector.setHost(listener.host());
        connector.setPort(listener.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(256);
        return connector;
    }

    private static HttpConfiguration http() {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        return http;
    }
}
