package io.weir.autoscaler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.autoscaler.app.PlainAdapter.Version;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.service.run.RunFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
class AutoscalerCommandTest {
    @TempDir
    private Path folder;

    private Path home;
    private DevelopmentCerts certs;
    private LoadPage load;
    private PlainAdapter adapter;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        home = folder.resolve("a home");
        certs = DevelopmentCerts.ensure(home.resolve("certs"), Clock.systemUTC());
        load = new LoadPage(200);
        adapter = new PlainAdapter(Version.TWO, certs.server(), 1);
        new RunFile(home).write("adapter", 1, Map.of("url", adapter.url().toString()));
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        adapter.close();
        load.close();
    }

    @Test
    void it_says_when_it_is_ready_keeps_the_pool_and_ends_when_told() throws Exception {
        Process process = start("--metrics-url", load.url().toString(), "--metric", "load", "--time-scale", "60");
        String ready = process.inputReader().readLine();
        RunFile.Entry entry = new RunFile(home).read("autoscaler").orElseThrow();
        assertThat(entry.pid()).isEqualTo(process.pid());
        assertThat(ready)
                .isEqualTo("weir autoscaler is ready at " + entry.url() + "  try: curl --cacert '" + home
                        + "/certs/ca.pem' --cert '" + home + "/certs/viewer.pem' --key '" + home + "/certs/viewer.key' "
                        + entry.url() + "/targets");
        assertThat(get(entry.url() + "/targets").statusCode()).isEqualTo(200);
        await().until(() -> adapter.size.get() == 2);
        assertThat(new RunFile(home).read("adapter")).as("the others' entries").isPresent();

        process.toHandle().destroy(); // the signal alone; Process.destroy also closes the streams
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.inputReader().readLine()).as("the ready line alone").isNull();
        assertThat(Files.readString(errors(process))).contains("default: 1 → 2: load: load 200 ÷ 100 per machine = 2");
        assertThat(new RunFile(home).read("autoscaler")).isEmpty();
        assertThat(new RunFile(home).read("adapter")).isPresent();
    }

    @Test
    void after_a_kill_the_same_command_goes_on_where_it_was() throws Exception {
        String[] options = {"--metrics-url", load.url().toString(), "--metric", "load", "--time-scale", "60"};
        Process first = start(options);
        first.inputReader().readLine();
        await().until(() -> adapter.size.get() == 2);
        HttpResponse<String> paused = post(url() + "/targets/default/pause", "{\"reason\":\"load test\"}");
        assertThat(paused.statusCode()).isEqualTo(200);
        first.destroyForcibly().waitFor();

        load.show(900);
        Process second = start("--metrics-url", load.url().toString(), "--metric", "load");
        second.inputReader().readLine();
        await().until(() -> get(url() + "/targets/default").body().contains("\"size\":9"));
        assertThat(get(url() + "/targets/default").body()).contains("load test");
        assertThat(get(url() + "/targets/default/decisions").body()).contains("\"size\":2");
        assertThat(adapter.size).hasValue(2);
        post(url() + "/targets/default/resume", "{\"reason\":\"done\"}");
        await().until(() -> adapter.size.get() == 9);
    }

    @Test
    void a_second_one_in_the_same_home_is_refused() throws Exception {
        Process first = start("--metrics-url", load.url().toString(), "--metric", "load");
        first.inputReader().readLine();
        Process second = start("--metrics-url", load.url().toString(), "--metric", "load");
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(second.inputReader().readLine()).isNull();
        assertThat(Files.readString(errors(second))).contains("is in use by process " + first.pid());
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void what_cannot_be_done_is_told_in_a_few_words() throws Exception {
        Process nothing = start();
        assertThat(nothing.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(nothing.exitValue()).isEqualTo(2);
        assertThat(Files.readString(errors(nothing))).contains("--metrics-url").contains("--config");

        Path file = Files.writeString(folder.resolve("f.yml"), "targets:\n  - nmae: web\n    max: 0\n    min: 1\n");
        Process wrong = start("--config", file.toString());
        assertThat(wrong.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong.exitValue()).isEqualTo(1);
        assertThat(wrong.inputReader().readLine()).isNull();
        assertThat(Files.readString(errors(wrong)))
                .contains("targets[0].name: is missing")
                .contains("targets[0].nmae: is not a known field")
                .contains("did you mean \"name\"")
                .contains("targets[0].max: must not be below min (1), is 0")
                .contains("targets[0].policies: is missing")
                .doesNotContain("\tat ");
    }

    private String url() {
        return new RunFile(home).read("autoscaler").orElseThrow().url();
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WeirAutoscaler.class.getName(),
                "autoscaler",
                "--home",
                home.toString()));
        command.addAll(List.of(options));
        Path errors = folder.resolve(processes.size() + ".err");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        processes.add(process);
        return process;
    }

    private Path errors(Process process) {
        return folder.resolve(processes.indexOf(process) + ".err");
    }

    private HttpResponse<String> get(String url) throws Exception {
        return send(Role.VIEWER, HttpRequest.newBuilder(URI.create(url)));
    }

    private HttpResponse<String> post(String url, String body) throws Exception {
        return send(
                Role.OPERATOR,
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(Role role, HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(Tls.context(certs.client(role), Clock.systemUTC()))
                .build()) {
            return client.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
