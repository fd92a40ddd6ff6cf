package io.weir.gce.fake;

import static io.weir.gce.fake.Bench.A;
import static io.weir.gce.fake.Bench.PROJECT;
import static io.weir.gce.fake.Bench.message;
import static io.weir.gce.fake.Bench.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.cloud.compute.v1.Operation;
import io.weir.gce.fake.GceDials.Throttle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_minute_has_so_many_calls_and_the_next_minute_has_them_again() {
        bench.cloud().turn(turn -> turn.throttle = Map.of("*", new Throttle(3, true)));
        for (int i = 0; i < 3; i++) {
            assertThat(reason(() -> bench.get("none"))).isEqualTo("notFound");
        }
        assertThat(reason(() -> bench.get("none"))).isEqualTo("rateLimitExceeded");
        bench.pass(Duration.ofSeconds(59));
        assertThat(reason(() -> bench.get("none"))).isEqualTo("rateLimitExceeded");
        bench.pass(Duration.ofSeconds(1));

        assertThat(reason(() -> bench.get("none"))).isEqualTo("notFound");
    }

    @Test
    void one_method_may_be_throttled_alone_and_for_good() {
        bench.cloud().turn(turn -> turn.throttle = Map.of("instances.aggregatedList", new Throttle(1, false)));
        assertThat(bench.listed()).isEmpty();
        bench.pass(Duration.ofHours(1));

        assertThat(reason(bench::listed)).isEqualTo("rateLimitExceeded");
        assertThat(reason(() -> bench.get("none"))).isEqualTo("notFound");
    }

    @Test
    void whoever_may_not_is_told_which_permission_it_takes() {
        bench.cloud().turn(turn -> turn.denied = Set.of("compute.instances.create"));
        assertThat(message(() -> bench.insert("web-1")))
                .isEqualTo("Required 'compute.instances.create' permission for"
                        + " 'projects/weir-example/zones/us-central1-a/instances/web-1'");
        bench.cloud().set(GceDials.DEFAULT);
        bench.fake.set(Access.only(Set.of("compute.instances.list")));
        assertThat(reason(() -> bench.insert("web-1"))).isEqualTo("forbidden");

        assertThat(bench.listed()).isEmpty();
        assertThat(bench.fake.calls().all().get(2).needs()).containsExactly("compute.instances.list");
    }

    @Test
    void tokens_are_somebodys_or_nobodys() throws Exception {
        bench.fake.set(new Access(
                Map.of("good", new Access.Caller("somebody@example.com", Optional.empty())), Optional.empty()));
        assertThat(reason(() -> bench.get("none"))).isEqualTo("authError");

        assertThat(raw("GET", "/zones", "Bearer good", "").statusCode()).isEqualTo(200);
        assertThat(raw("GET", "/zones", "Bearer bad", "").statusCode()).isEqualTo(401);
        assertThat(bench.fake.calls().all().get(1).caller()).isEqualTo("somebody@example.com");
    }

    private HttpResponse<String> raw(String verb, String path, String token, String body)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(bench.fake.url() + "/compute/v1/projects/" + PROJECT + path))
                    .method(verb, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("Authorization", token);
            }
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void what_the_schema_does_not_have_is_refused() throws Exception {
        String instances = "/zones/" + A + "/instances";
        assertThat(raw("GET", "/zones/" + A + "/machines", "", "").statusCode()).isEqualTo(404);
        assertThat(raw("PUT", instances, "", "{}").statusCode()).isEqualTo(404);
        assertThat(raw("GET", instances + "?filtre=x", "", "").body()).contains("Unknown name \\\"filtre\\\"");
        assertThat(raw("GET", instances + "?maxResults=many", "", "").statusCode())
                .isEqualTo(400);
        assertThat(raw("POST", instances, "", "{\"nom\": \"web\"}").body()).contains("nom");
        assertThat(raw("POST", instances, "", "{\"disks\": \"none\"}").statusCode())
                .isEqualTo(400);
        assertThat(raw("POST", instances, "", "{\"name\": 5").statusCode()).isEqualTo(400);
        assertThat(raw("POST", instances + "/web-1/setLabels", "", "").statusCode())
                .isIn(400, 404);
        assertThat(bench.fake.calls().table().get("none")).containsOnlyKeys("notFound");
        assertThat(bench.cloud().ledger()).isEmpty();
    }

    @Test
    void an_operation_may_be_forgotten_by_a_look_and_by_time() {
        Operation begun = bench.insert("web-1");
        bench.cloud().turn(turn -> turn.forgottenOperations = 1);
        assertThat(reason(() -> bench.operation(begun))).isEqualTo("notFound");
        assertThat(bench.operations(A, "")).hasSize(1);
        bench.cloud().turn(turn -> {
            turn.forgottenOperations = 0;
            turn.operationSeconds = 600;
        });
        bench.settle();
        assertThat(bench.operation(begun).getStatus()).isEqualTo(Operation.Status.DONE);
        bench.pass(Duration.ofHours(1));

        assertThat(reason(() -> bench.operation(begun))).isEqualTo("notFound");
        assertThat(bench.operations(A, "")).isEmpty();
    }

    @Test
    void all_of_it_may_be_unavailable_and_nobody_may_be_known() {
        bench.cloud().turn(turn -> turn.unavailable = true);
        assertThat(reason(() -> bench.insert("web-1"))).isEqualTo("backendError");
        bench.cloud().set(GceDials.DEFAULT.turned(turn -> turn.unauthorized = true));

        assertThat(reason(() -> bench.get("web-1"))).isEqualTo("authError");
    }

    @Test
    void dials_that_make_no_sense_are_refused() {
        assertThat(catchThrowable(() ->
                        bench.cloud().turn(turn -> turn.throttle = Map.of("RunInstances", new Throttle(1, true)))))
                .hasMessageContaining("there is no RunInstances");
        assertThat(catchThrowable(() -> bench.cloud().turn(turn -> turn.quota = Map.of("VCPUS", 1.0))))
                .hasMessageContaining("quota: there are");
    }
}
