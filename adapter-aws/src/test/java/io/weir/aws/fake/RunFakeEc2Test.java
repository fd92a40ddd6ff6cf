package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

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
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

class RunFakeEc2Test {
    private static final RunInstancesRequest THREE =
            Bench.request().clientToken("b").minCount(1).maxCount(3).build();

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
                        RunFakeEc2.class.getName(),
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
    void killed_and_started_again_it_knows_its_instances_its_tokens_and_its_dials() throws Exception {
        Process first = start(0);
        URI url = url(first);
        List<String> ids;
        try (Ec2Client ec2 = Bench.client(Ec2Client.builder(), url, Bench.WEIR);
                HttpClient http = HttpClient.newHttpClient()) {
            ids = ec2.runInstances(THREE).instances().stream()
                    .map(Instance::instanceId)
                    .toList();
            HttpRequest dials = HttpRequest.newBuilder(url.resolve("/_fake/dials"))
                    .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"capacity\": {\"us-east-1a\": 3}}"))
                    .build();
            assertThat(http.send(dials, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
        first.destroyForcibly().waitFor();
        Process again = start(url.getPort());
        assertThat(url(again)).isEqualTo(url);

        try (Ec2Client ec2 = Bench.client(Ec2Client.builder(), url, Bench.WEIR);
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(ec2.runInstances(THREE).instances())
                    .extracting(Instance::instanceId)
                    .isEqualTo(ids);
            assertThat(Bench.code(() -> ec2.runInstances(Bench.request().build())))
                    .isEqualTo("InsufficientInstanceCapacity");
            assertThat(http.send(
                                    HttpRequest.newBuilder(url.resolve("/_fake/ledger"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body()
                            .lines())
                    .hasSize(3);
            HttpRequest kill = HttpRequest.newBuilder(url.resolve("/_fake/instances/" + ids.get(0) + "/kill"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(kill, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            assertThat(ec2.runInstances(Bench.request().build()).instances()).hasSize(1);
        }
    }
}
