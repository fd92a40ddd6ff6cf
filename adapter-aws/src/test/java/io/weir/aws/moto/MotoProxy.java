package io.weir.aws.moto;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before moto.
 *
 * <ol>
 *   <li>moto launches the least count of a call where EC2 launches up to the most; MinCount is made MaxCount on the way, or no batch
 *       could be tried on it at all. All else goes through as it is, both ways.
 *   <li>It may lose a request or an answer, and answer in EC2's place that it is throttled, not available, or that the key is unknown.
 * </ol>
 */
final class MotoProxy implements AutoCloseable {
    private static final Set<String> CHANGES = Set.of("RunInstances", "TerminateInstances", "CreateTags", "DeleteTags");
    private static final Pattern COUNT = Pattern.compile("(^|&)MaxCount=(\\d+)");

    private final URI moto;
    private final HttpServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger requestsToLose = new AtomicInteger();
    private final AtomicInteger answersToLose = new AtomicInteger();
    /** How many listings are still answered; below zero: all. */
    private final AtomicInteger listingsLeft = new AtomicInteger(-1);

    volatile boolean isUnavailable;
    volatile boolean refusesKeys;

    MotoProxy(URI moto) {
        this.moto = moto;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void loseRequest() {
        requestsToLose.incrementAndGet();
    }

    void loseAnswer() {
        answersToLose.incrementAndGet();
    }

    void answerListings(int count) {
        listingsLeft.set(count);
    }

    void calm() {
        requestsToLose.set(0);
        answersToLose.set(0);
        listingsLeft.set(-1);
        isUnavailable = false;
        refusesKeys = false;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String action = action(body);
            boolean changes = CHANGES.contains(action);
            if (isUnavailable) {
                refuse(exchange, 503, "Unavailable", "The server is overloaded and can't handle the request.");
            } else if (refusesKeys) {
                refuse(exchange, 401, "AuthFailure", "AWS was not able to validate the provided access credentials");
            } else if (action.equals("DescribeInstances") && isThrottled()) {
                refuse(exchange, 503, "RequestLimitExceeded", "Request limit exceeded.");
            } else if (!changes || !takes(requestsToLose)) {
                HttpResponse<byte[]> answer = send(exchange, patched(action, body));
                if (!changes || !takes(answersToLose)) {
                    answer(exchange, answer);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static String action(String body) {
        Matcher action = Pattern.compile("(^|&)Action=(\\w+)").matcher(body);
        return action.find() ? action.group(2) : "";
    }

    private static String patched(String action, String body) {
        Matcher most = COUNT.matcher(body);
        return action.equals("RunInstances") && most.find()
                ? body.replaceAll("(^|&)MinCount=\\d+", "$1MinCount=" + most.group(2))
                : body;
    }

    private static boolean takes(AtomicInteger count) {
        return count.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private boolean isThrottled() {
        int left = listingsLeft.get();
        return left >= 0 && listingsLeft.getAndUpdate(now -> Math.max(0, now - 1)) == 0;
    }

    private HttpResponse<byte[]> send(HttpExchange exchange, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(moto.resolve("/"))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofString(body));
        // moto tells services apart by whom a request is signed for and by its target.
        for (String header :
                List.of("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Target", "X-Amz-Security-Token")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        answer.headers().firstValue("Content-Type").ifPresent(type -> exchange.getResponseHeaders()
                .set("Content-Type", type));
        answer.headers().firstValue("x-amzn-requestid").ifPresent(id -> exchange.getResponseHeaders()
                .set("x-amzn-RequestId", id));
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    private static void refuse(HttpExchange exchange, int status, String code, String text) throws IOException {
        byte[] body = ("<Response><Errors><Error><Code>" + code + "</Code><Message>" + text
                        + "</Message></Error></Errors><RequestID>proxy</RequestID></Response>")
                .getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        http.close();
        threads.close();
    }
}
