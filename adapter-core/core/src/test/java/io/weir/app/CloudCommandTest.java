package io.weir.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.weir.service.run.RunFile;
import io.weir.simulated.HttpSimulatedApi;
import io.weir.simulated.SimulatedApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CloudCommandTest {
    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process run(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.weir.app.Weir",
                "cloud",
                "simulated",
                "--home",
                folder.resolve("home").toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("log" + processes.size()).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static String firstLine(Process process) throws IOException {
        return String.valueOf(new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine());
    }

    private RunFile.Entry entry() {
        return new RunFile(folder.resolve("home")).read("cloud").orElseThrow();
    }

    @Test
    void a_killed_cloud_comes_back_at_its_address_with_its_machines() throws Exception {
        Process first = run("--time-scale", "60");
        assertThat(firstLine(first)).contains("ready at http://127.0.0.1:");
        URI url = URI.create(entry().url());
        assertThat(entry().pid()).isEqualTo(first.pid());
        SimulatedApi api = new HttpSimulatedApi(HttpClient.newHttpClient(), () -> url, Duration.ofSeconds(10));
        SimulatedApi.Launch launch = new SimulatedApi.Launch(
                "b",
                "b",
                "zone-a",
                "small",
                "ON_DEMAND",
                "img-1",
                List.of("web-1", "web-2"),
                Map.of("weir-pool", "web"),
                JsonNodeFactory.instance.objectNode());
        List<SimulatedApi.Launched> launched = api.launch(launch);
        first.destroyForcibly().waitFor();

        Process second = run("--time-scale", "60");
        assertThat(firstLine(second)).contains(url.toString());
        assertThat(api.machines(Set.of("web"), null).machines())
                .extracting(machine -> machine.id)
                .containsExactlyElementsOf(
                        launched.stream().map(SimulatedApi.Launched::id).toList());
        assertThat(api.launch(launch)).isEqualTo(launched);

        Process intruder = run("--time-scale", "60");
        assertThat(intruder.waitFor()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("log2"))).contains("already").contains(url.toString());

        second.destroy();
        second.waitFor();
        assertThat(new RunFile(folder.resolve("home")).read("cloud")).isEmpty();
    }
}
