package io.weir.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.HealthProbe;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SocketLookTest {
    private static final String HERE = "127.0.0.1";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SocketLook look = new SocketLook(System::nanoTime);
    private final ServerSocket server;

    SocketLookTest() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName(HERE));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private HealthProbe tcp() {
        return new HealthProbe(
                server.getLocalPort(), Optional.empty(), Duration.ofSeconds(10), Duration.ofMillis(700), 3, 2);
    }

    private HealthProbe http(int status) {
        return new HealthProbe(
                server.getLocalPort(),
                Optional.of(new HealthProbe.Http("/health?full=1", status)),
                Duration.ofSeconds(10),
                Duration.ofMillis(700),
                3,
                2);
    }

    /** Every connection is answered like this, and left open. */
    private void answer(String text, boolean forEver) {
        threads.execute(() -> {
            while (true) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> answer(socket, text, forEver));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void answer(Socket socket, String text, boolean forEver) {
        try {
            byte[] request = new byte[4096];
            int read = socket.getInputStream().read(request);
            OutputStream out = socket.getOutputStream();
            out.write(text.replace("PATH", new String(request, 0, Math.max(0, read), US_ASCII).split(" ")[1])
                    .getBytes(US_ASCII));
            out.flush();
            while (forEver) {
                out.write(new byte[8192]);
            }
        } catch (IOException gone) {
            // The one who looked has seen enough.
        }
    }

    @Test
    void a_connection_that_somebody_takes_is_healthy() throws Exception {
        assertThat(look.problem(tcp(), HERE)).isEmpty();
    }

    @Test
    void a_port_where_nobody_listens_refuses() throws Exception {
        HealthProbe probe = tcp();
        server.close();

        assertThat(look.problem(probe, HERE)).contains("tcp 127.0.0.1:" + probe.port() + " refused the connection");
    }

    @Test
    void the_status_asked_for_is_healthy_and_any_other_is_told() throws Exception {
        answer("HTTP/1.1 204 No Content\r\n\r\n", false);

        assertThat(look.problem(http(204), HERE)).isEmpty();
        assertThat(look.problem(http(200), HERE))
                .contains("http 127.0.0.1:" + server.getLocalPort() + " answered 204 to GET /health?full=1, not 200");
    }

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() throws Exception {
        answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", false);

        assertThat(look.problem(http(302), HERE)).isEmpty();
        assertThat(look.problem(http(200), HERE).orElseThrow()).contains("answered 302");
    }

    @Test
    void an_answer_without_end_is_not_waited_for() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", true);

        assertThat(look.problem(http(200), HERE)).isEmpty();
    }

    @Test
    void silence_is_waited_for_no_longer_than_the_timeout() throws Exception {
        long began = System.nanoTime();

        assertThat(look.problem(http(200), HERE).orElseThrow()).contains("did not answer within 700 ms");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void what_is_no_http_is_told() throws Exception {
        answer("SSH-2.0-OpenSSH_9.2\r\n\r\n", false);

        assertThat(look.problem(http(200), HERE).orElseThrow()).endsWith("answered what is no HTTP");
    }

    @Test
    void an_answer_that_drips_is_waited_for_no_longer_than_the_timeout() throws Exception {
        threads.execute(() -> {
            try (Socket socket = server.accept()) {
                while (true) {
                    socket.getOutputStream().write('H');
                    socket.getOutputStream().flush();
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            } catch (IOException | InterruptedException gone) {
                // The one who looked has seen enough.
            }
        });

        assertThat(look.problem(http(200), HERE).orElseThrow()).contains("did not answer within 700 ms");
    }

    @Test
    void an_address_of_version_6_is_an_address() {
        HealthProbe probe = new HealthProbe(
                1, Optional.of(new HealthProbe.Http("/", 200)), Duration.ofSeconds(1), Duration.ofMillis(500), 1, 1);

        assertThat(look.problem(probe, "::1").orElseThrow()).startsWith("http [::1]:1 ");
    }
}
