package io.weir.gce.fake;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.service.ScaledClock;
import io.weir.simulated.CloudJson;
import io.weir.simulated.LinesFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fake as a program: {@code --home FOLDER [--port N] [--time-scale N] [--seed N]}.
 *
 * <p>It keeps its ledger and its dials in the folder and goes on from them when it is started again, also after {@code kill -9}. When it
 * answers it prints its address as the one line of standard output.
 */
public final class RunFakeGce {
    private RunFakeGce() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        Path home = Path.of(options.getOrDefault("--home", "."));
        Files.createDirectories(home);
        double scale = Double.parseDouble(options.getOrDefault("--time-scale", "1"));
        Clock clock = scale == 1 ? Clock.systemUTC() : ScaledClock.of(home, scale);
        // Open as long as the program runs, and durable with every answer: there is nothing to close.
        LinesFile<Change> ledger = new LinesFile<>(home.resolve("gce-ledger.jsonl"), Change.class);
        Path dials = home.resolve("gce-dials.json");
        ComputeCloud cloud = new ComputeCloud(
                clock,
                Long.parseLong(options.getOrDefault("--seed", "1")),
                ExampleProject.PLAIN,
                Files.exists(dials) ? CloudJson.STRICT.readValue(dials.toFile(), GceDials.class) : GceDials.DEFAULT,
                Optional.of(ledger));
        FakeGce fake = FakeGce.start(
                cloud,
                clock,
                Clock.systemUTC(),
                Integer.parseInt(options.getOrDefault("--port", "0")),
                turned -> keep(dials, turned));
        System.out.println(fake.url());
        fake.join();
    }

    /** Whole or not at all. */
    private static void keep(Path file, JsonNode document) {
        try {
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "dials", ".draft");
            Files.write(draft, CloudJson.STRICT.writeValueAsBytes(document));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the dials cannot be kept", e);
        }
    }
}
