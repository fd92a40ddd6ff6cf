package io.weir.app.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire between adapter and cloud with a stopwatch at the cloud's end: it passes bytes on as they are, and notes when the first
 * byte of each call came.
 */
final class Relay implements AutoCloseable {
    private static final int CHUNK = 65_536;

    private final ServerSocket door;
    private final InetSocketAddress cloud;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final long begun = System.nanoTime();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param line the first line of the request; @param nanos by the clock of this process */
    record Arrival(String line, long nanos) {}

    Relay(URI cloud) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        this.cloud = new InetSocketAddress(here, cloud.getPort());
        door = new ServerSocket(0, 64, here);
        Thread.ofVirtual().name("relay").start(this::serve);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                Socket onward = new Socket();
                open.addAll(List.of(caller, onward));
                onward.connect(cloud);
                caller.setTcpNoDelay(true);
                onward.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pass(caller, onward, true));
                Thread.ofVirtual().start(() -> pass(onward, caller, false));
            } catch (IOException ended) {
                // The next caller may have more luck; after the end there is none.
            }
        }
    }

    private void pass(Socket from, Socket to, boolean calls) {
        byte[] chunk = new byte[CHUNK];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (calls) {
                    note(System.nanoTime(), new String(chunk, 0, Math.min(read, 200), ISO_8859_1));
                }
                out.write(chunk, 0, read);
            }
        } catch (IOException ended) {
            // So does the other direction.
        }
    }

    /** Calls are not pipelined: one begins where a chunk does. */
    private void note(long nanos, String beginning) {
        if (beginning.startsWith("GET /") || beginning.startsWith("POST /")) {
            arrivals.add(new Arrival(beginning.lines().findFirst().orElse(""), nanos));
        }
    }

    /** The first call since then whose first line begins so. */
    Optional<Arrival> first(long since, String beginning) {
        return arrivals.stream()
                .filter(arrival -> arrival.nanos() >= since && arrival.line().startsWith(beginning))
                .findFirst();
    }

    /** When the last call came; the beginning, if none did since {@link #forget}. */
    long last() {
        return arrivals.isEmpty() ? begun : arrivals.get(arrivals.size() - 1).nanos();
    }

    void forget() {
        arrivals.clear();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
