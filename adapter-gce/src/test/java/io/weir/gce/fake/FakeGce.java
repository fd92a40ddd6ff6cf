package io.weir.gce.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The fake, at an address of this machine. A call that stays unanswered is left unanswered: the connection is closed without a word. */
public final class FakeGce implements AutoCloseable {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Server server;
    private final ServerConnector connector;
    private final ComputeCloud cloud;
    private final InstantSource wall;
    private final Door door;
    private final Control control;
    private volatile Access access = Access.OPEN;

    private FakeGce(ComputeCloud cloud, InstantSource clock, InstantSource wall, int port, Consumer<JsonNode> keep) {
        this.cloud = cloud;
        this.wall = wall;
        this.door = new Door(cloud, clock, () -> access);
        this.control = new Control(cloud, door.calls(), clock, keep);
        QueuedThreadPool threads = new QueuedThreadPool(64, 4);
        threads.setName("fake-gce");
        threads.setDaemon(true);
        this.server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendDateHeader(false);
        configuration.setSendServerVersion(false);
        this.connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        // Longer than any client keeps an idle connection: one that the server closes looks like a lost call.
        connector.setIdleTimeout(300_000);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                serve(request, response, callback);
                return true;
            }
        });
    }

    /**
     * @param clock the fake's own, which may be virtual
     * @param wall what the {@code Date} of answers goes by
     * @param port 0: any that is free
     * @param keep where turned dials are kept
     */
    static FakeGce start(ComputeCloud cloud, InstantSource clock, InstantSource wall, int port, Consumer<JsonNode> keep)
            throws IOException {
        FakeGce fake = new FakeGce(cloud, clock, wall, port, keep);
        try {
            fake.server.start();
        } catch (Exception e) {
            throw new IOException("the fake does not start", e);
        }
        return fake;
    }

    /** One for a test: the example's project, and a clock that the test may hold. */
    static FakeGce start(InstantSource clock) {
        return start(clock, GceDials.DEFAULT);
    }

    static FakeGce start(InstantSource clock, GceDials dials) {
        try {
            ComputeCloud cloud = new ComputeCloud(clock, 1, ExampleProject.PLAIN, dials);
            return start(cloud, clock, Clock.systemUTC(), 0, kept -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it has been closed. */
    void join() throws InterruptedException {
        server.join();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    ComputeCloud cloud() {
        return cloud;
    }

    Calls calls() {
        return door.calls();
    }

    void watch(Door.Watch watch) {
        door.watch(watch);
    }

    void set(Access newAccess) {
        access = newAccess;
    }

    private void serve(Request request, Response response, Callback callback) throws IOException {
        String body = new String(Content.Source.asInputStream(request).readAllBytes(), UTF_8);
        String path = request.getHttpURI().getPath();
        String query = request.getHttpURI().getQuery() == null
                ? ""
                : request.getHttpURI().getQuery();
        Door.Answer answer;
        try {
            answer = path.startsWith(Control.PREFIX)
                    ? control.answer(request.getMethod(), path, query, body)
                    : door.answer(new Door.Request(
                            request.getMethod(),
                            path,
                            query,
                            request.getHeaders().get(HttpHeader.AUTHORIZATION),
                            body));
        } catch (Silence silence) {
            request.getConnectionMetaData().getConnection().getEndPoint().close();
            callback.failed(silence);
            return;
        }
        response.setStatus(answer.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
        response.getHeaders()
                .put(
                        HttpHeader.DATE,
                        DATE.format(wall.instant()
                                .plusMillis(Ground.millis(cloud.dials().skewSeconds()))));
        Content.Sink.write(response, true, answer.body(), callback);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the fake does not stop", e);
        }
    }
}
