package io.weir.kit;

import io.weir.service.ScaledClock;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.HttpSimulatedApi;
import io.weir.simulated.SimulatedApi;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.http.CloudServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** The simulated cloud behind its HTTP server, sockets and all, where time runs by itself and fast. */
final class HttpTarget extends SimulatedTarget {
    private final ScaledClock clock;
    private final Line line;

    /** What stands between driver and cloud. */
    private static final class Line {
        final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        final HttpClient client = HttpClient.newHttpClient();
        final ScaledClock clock;
        final List<CloudServer> servers = new ArrayList<>();

        Line(ScaledClock clock) {
            this.clock = clock;
        }

        SimulatedApi to(SimulatedCloud cloud) {
            try {
                CloudServer server =
                        CloudServer.start(cloud, new DialsDesk(cloud, 1, document -> {}), clock, 0, threads, () -> {});
                servers.add(server);
                return new HttpSimulatedApi(client, server::url, Duration.ofSeconds(10));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void close() {
            servers.forEach(CloudServer::close);
            client.close();
            threads.close();
        }
    }

    HttpTarget(Kind kind, Path home) {
        this(kind, ScaledClock.of(home, 60));
    }

    private HttpTarget(Kind kind, ScaledClock clock) {
        this(kind, clock, new Line(clock));
    }

    private HttpTarget(Kind kind, ScaledClock clock, Line line) {
        super(kind, clock, line::to, driver -> driver);
        this.clock = clock;
        this.line = line;
    }

    @Override
    public void pass(Duration time) {
        LockSupport.parkNanos(clock.real(time).toNanos());
    }

    /** Half a minute of ours: the machine may have other things to do. */
    @Override
    public Duration patience() {
        return Duration.ofMinutes(30);
    }

    @Override
    public void close() {
        line.close();
    }
}
