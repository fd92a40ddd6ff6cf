package io.weir.openstack.fake;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The fake as a process of its own, that outlives those who use it and is killed with -9 as they are.
 *
 * <p>{@code FakeProcess HOME [SEED [DIALS]]}: its books are {@code HOME/books.jsonl}, from which it goes on, at the ports that it had; where it answers stands in
 * {@code HOME/fake.json} and in the one line that it prints: Keystone's address, and the {@link Control} door's. Dials are a
 * JSON object.
 */
public final class FakeProcess {
    private FakeProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(arguments[0]);
        Files.createDirectories(home);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        FakeDials dials = arguments.length > 2 ? Books.JSON.readValue(arguments[2], FakeDials.class) : new FakeDials();
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(end::countDown));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                FakeOpenStack fake = FakeOpenStack.start(
                        Clock.systemUTC(), seed, dials, threads, home.resolve("books.jsonl"), before(home));
                Control control = new Control(fake, threads)) {
            ObjectNode where = Books.JSON
                    .createObjectNode()
                    .put("pid", ProcessHandle.current().pid())
                    .put("authUrl", fake.authUrl())
                    .put("control", control.url().toString())
                    .put("user", "demo")
                    .put("password", fake.person("demo").password())
                    .put("region", Site.REGION);
            where.set("ports", Books.JSON.valueToTree(fake.ports()));
            Path draft = Files.createTempFile(home, "fake", ".draft");
            Files.writeString(draft, where.toString());
            Files.move(draft, home.resolve("fake.json"), StandardCopyOption.REPLACE_EXISTING);
            System.out.println("OpenStack (none) ready at " + fake.authUrl() + ", behind it " + control.url());
            System.out.flush();
            end.await();
        }
    }

    /** Where it was before: whoever knew it finds it again. */
    private static Map<String, Integer> before(Path home) throws IOException {
        Path file = home.resolve("fake.json");
        if (!Files.exists(file)) {
            return Map.of();
        }
        return Books.JSON.convertValue(
                Books.JSON.readTree(Files.readString(file)).path("ports"),
                new TypeReference<Map<String, Integer>>() {});
    }
}
