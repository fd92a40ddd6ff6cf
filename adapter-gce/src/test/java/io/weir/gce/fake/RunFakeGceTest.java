package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.ZoneOperationsClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFakeGceTest {
    private static final InsertInstanceRequest ONE = Bench.request("web-1", Bench.A)
            .setRequestId("11111111-2222-3333-4444-555555555555")
            .build();

    @TempDir
    Path home;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(int port) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunFakeGce.class.getName(),
                        "--home",
                        home.toString(),
                        "--port",
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    private static URI url(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        return URI.create(out.readLine());
    }

    @Test
    void killed_and_started_again_it_knows_its_instances_its_operations_its_requests_and_its_dials() throws Exception {
        Process first = start(0);
        URI url = url(first);
        Operation begun;
        try (InstancesClient instances = Bench.instances(url);
                HttpClient http = HttpClient.newHttpClient()) {
            begun = instances.insertCallable().call(ONE);
            HttpRequest dials = HttpRequest.newBuilder(url.resolve("/_fake/dials"))
                    .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"capacity\": {\"us-central1-a\": 1}}"))
                    .build();
            assertThat(http.send(dials, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
        first.destroyForcibly().waitFor();
        Process again = start(url.getPort());
        assertThat(url(again)).isEqualTo(url);

        try (InstancesClient instances = Bench.instances(url);
                ZoneOperationsClient operations = Bench.operations(url);
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(instances.insertCallable().call(ONE).getName()).isEqualTo(begun.getName());
            assertThat(operations.get(Bench.PROJECT, Bench.A, begun.getName()).getTargetLink())
                    .isEqualTo(begun.getTargetLink());
            assertThat(Bench.reason(() -> instances
                            .insertCallable()
                            .call(Bench.request("web-1", Bench.A).build())))
                    .isEqualTo("alreadyExists");
            assertThat(lines(http, url)).hasSize(1);
            HttpRequest kill = HttpRequest.newBuilder(url.resolve("/_fake/instances/us-central1-a:web-1/kill"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(kill, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            instances.insertCallable().call(Bench.request("web-1", Bench.A).build());
            assertThat(lines(http, url)).hasSize(2);
        }
    }

    private static List<String> lines(HttpClient http, URI url) throws Exception {
        return http.send(HttpRequest.newBuilder(url.resolve("/_fake/ledger")).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }
}
