package io.weir.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.weir.pool.HealthProbe;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks through real sockets, a new one each time: one that is kept open would not show that no new ones are taken, and a service
 * that closes idle ones would look ill. Of an HTTP answer the first line is enough.
 */
public final class SocketLook implements Look {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9][0-9])( .*)?");
    private static final int LONGEST_LINE = 1024;

    private final LongSupplier nanos;

    /** @param nanos a stopwatch of real time, which sockets keep */
    public SocketLook(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public Optional<String> problem(HealthProbe probe, String address) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        String where = (probe.http().isPresent() ? "http " : "tcp ") + host + ":" + probe.port();
        Deadline deadline = new Deadline(nanos, nanos.getAsLong(), probe.timeout());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, probe.port()), deadline.millisLeft());
            return probe.http().isPresent()
                    ? get(socket, probe.http().get(), host + ":" + probe.port(), deadline)
                            .map(problem -> where + " " + problem)
                    : Optional.empty();
        } catch (SocketTimeoutException silence) {
            return Optional.of(
                    where + " did not answer within " + probe.timeout().toMillis() + " ms");
        } catch (ConnectException refused) {
            return Optional.of(where + " refused the connection");
        } catch (IOException broken) {
            return Optional.of(where + " broke off: " + broken.getMessage());
        }
    }

    private record Deadline(LongSupplier nanos, long began, Duration timeout) {
        /** At least one: zero would wait for ever. */
        int millisLeft() throws SocketTimeoutException {
            long left = timeout.toMillis() - (nanos.getAsLong() - began) / 1_000_000;
            if (left < 1) {
                throw new SocketTimeoutException();
            }
            return (int) left;
        }
    }

    private static Optional<String> get(Socket socket, HealthProbe.Http asked, String host, Deadline deadline)
            throws IOException {
        String request = "GET " + asked.path() + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: weir-health-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        Matcher answer = STATUS.matcher(firstLine(socket, deadline));
        if (!answer.matches()) {
            return Optional.of("answered what is no HTTP");
        }
        return Integer.parseInt(answer.group(1)) == asked.status()
                ? Optional.empty()
                : Optional.of("answered " + answer.group(1) + " to GET " + asked.path() + ", not " + asked.status());
    }

    private static String firstLine(Socket socket, Deadline deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            socket.setSoTimeout(deadline.millisLeft());
            int next = in.read();
            if (next == '\n' || next < 0) {
                break;
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}
