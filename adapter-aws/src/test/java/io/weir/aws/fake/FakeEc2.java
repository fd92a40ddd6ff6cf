package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.simulated.Dice;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
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

/**
 * The fake, at an address of this machine.
 *
 * <p>A call that stays unanswered is left unanswered: the connection is closed without a word. The {@code Date} of an answer is AWS's own
 * idea of what time it is, because the SDK corrects its clock by it.
 */
public final class FakeEc2 implements AutoCloseable {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Server server;
    private final ServerConnector connector;
    private final Ec2Cloud cloud;
    private final Identity identity;
    private final Door door;
    private final Control control;

    private FakeEc2(
            Ec2Cloud cloud, Access access, InstantSource clock, InstantSource wall, int port, Consumer<JsonNode> keep) {
        this.cloud = cloud;
        Dice words = new Dice(cloud.ledger().size() + 4711L);
        this.identity = new Identity(wall, access, cloud::dials, () -> uuid(words));
        this.door = new Door(cloud, identity, clock, () -> uuid(words));
        this.control = new Control(cloud, door.calls(), clock, keep);
        QueuedThreadPool threads = new QueuedThreadPool(64, 4);
        threads.setName("fake-ec2");
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
     * @param wall what signatures are checked by
     * @param port 0: any that is free
     * @param keep where turned dials are kept
     */
    static FakeEc2 start(
            Ec2Cloud cloud, Access access, InstantSource clock, InstantSource wall, int port, Consumer<JsonNode> keep)
            throws IOException {
        FakeEc2 fake = new FakeEc2(cloud, access, clock, wall, port, keep);
        try {
            fake.server.start();
        } catch (Exception e) {
            throw new IOException("the fake does not start", e);
        }
        return fake;
    }

    /** One for a test: the example's region and users, and a clock that the test may hold. */
    static FakeEc2 start(InstantSource clock) {
        try {
            Ec2Cloud cloud = new Ec2Cloud(clock, 1, ExampleRegion.REGION, Ec2Dials.DEFAULT);
            return start(cloud, Access.EXAMPLE, clock, Clock.systemUTC(), 0, dials -> {});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String uuid(Dice dice) {
        synchronized (dice) {
            String hex =
                    HexFormat.of().toHexDigits(dice.nextLong()) + HexFormat.of().toHexDigits(dice.nextLong());
            return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                    + hex.substring(16, 20) + "-" + hex.substring(20);
        }
    }

    /** Returns when it has been closed. */
    void join() throws InterruptedException {
        server.join();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    Ec2Cloud cloud() {
        return cloud;
    }

    Calls calls() {
        return door.calls();
    }

    void watch(Door.Watch watch) {
        door.watch(watch);
    }

    void set(Access access) {
        identity.set(access);
    }

    private void serve(Request request, Response response, Callback callback) throws IOException {
        String body = new String(Content.Source.asInputStream(request).readAllBytes(), UTF_8);
        Answer answer;
        try {
            answer = request.getHttpURI().getPath().startsWith(Control.PREFIX)
                    ? control.answer(
                            request.getMethod(),
                            request.getHttpURI().getPath(),
                            request.getHttpURI().getQuery(),
                            body)
                    : door.answer(signed(request, body));
        } catch (Silence silence) {
            request.getConnectionMetaData().getConnection().getEndPoint().close();
            callback.failed(silence);
            return;
        }
        response.setStatus(answer.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
        response.getHeaders().put(HttpHeader.DATE, DATE.format(identity.now()));
        Content.Sink.write(response, true, answer.body(), callback);
    }

    private static SignedRequest signed(Request request, String body) {
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.merge(field.getLowerCaseName(), field.getValue(), (one, other) -> one + "," + other);
        }
        String path = request.getHttpURI().getPath();
        String query = request.getHttpURI().getQuery();
        return new SignedRequest(
                request.getMethod(), path.isEmpty() ? "/" : path, query == null ? "" : query, headers, body);
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
