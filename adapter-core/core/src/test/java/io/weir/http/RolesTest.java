package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.certs.FleetCa;
import io.weir.certs.Role;
import io.weir.pool.MachineState;
import io.weir.pool.PoolDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every role on every route, over real mutual TLS: what the table of roles does not give is refused, before the body is read. */
class RolesTest {
    private static final Set<Role> READERS = EnumSet.allOf(Role.class);
    private static final Set<Role> OPERATORS = EnumSet.of(Role.OPERATOR, Role.ADMIN);
    private static final Set<Role> MONITORS = EnumSet.of(Role.MONITOR, Role.OPERATOR, Role.ADMIN);
    private static final Set<Role> SCALERS = EnumSet.of(Role.AUTOSCALER, Role.OPERATOR, Role.ADMIN);
    private static final Set<Role> ADMINS = EnumSet.of(Role.ADMIN);
    private static final String DECREMENT = "{\"decrementDesiredSize\": false}";
    private static final String LEAVE = "{\"machineId\": \"i-1\", \"decrementDesiredSize\": false}";
    private static final String WHY = "{\"reason\": \"test\"}";
    private static final String DOCUMENT = "{\"max\": 10}";
    private static final String NONE = "";

    @TempDir
    static Path home = Path.of("");

    private static PaperPools pools = new PaperPools();
    private static Adapter adapter;

    record Route(Set<Role> may, String method, String path, String body) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static Stream<Route> routes() {
        List<Route> below = List.of(
                new Route(READERS, "GET", "/pool", NONE),
                new Route(READERS, "GET", "/pool/size", NONE),
                new Route(READERS, "GET", "/config", NONE),
                new Route(READERS, "GET", "/status", NONE),
                new Route(READERS, "GET", "/events", NONE),
                new Route(READERS, "GET", "/machines/i-1", NONE),
                new Route(SCALERS, "POST", "/pool/size", "{\"desiredSize\": 1}"),
                new Route(OPERATORS, "POST", "/pool/i-1/terminate", DECREMENT),
                new Route(OPERATORS, "POST", "/pool/i-1/detach", DECREMENT),
                new Route(OPERATORS, "POST", "/pool/i-1/attach", NONE),
                new Route(MONITORS, "POST", "/pool/i-1/serviceState", "{\"serviceState\": \"UNHEALTHY\"}"),
                new Route(OPERATORS, "POST", "/pool/i-1/serviceState", "{\"serviceState\": \"OUT_OF_SERVICE\"}"),
                new Route(OPERATORS, "POST", "/pool/terminate", LEAVE),
                new Route(OPERATORS, "POST", "/pool/detach", LEAVE),
                new Route(OPERATORS, "POST", "/pool/attach", "{\"machineId\": \"i-1\"}"),
                new Route(
                        MONITORS,
                        "POST",
                        "/pool/serviceState",
                        "{\"machineId\": \"i-1\", \"serviceState\": \"OUT_OF_SERVICE\"}"),
                new Route(
                        OPERATORS,
                        "POST",
                        "/pool/membershipStatus",
                        "{\"machineId\": \"i-1\", \"membershipStatus\": {\"active\": true, \"evictable\": false}}"),
                new Route(ADMINS, "POST", "/config", DOCUMENT),
                new Route(OPERATORS, "POST", "/start", NONE),
                new Route(OPERATORS, "DELETE", "/size-hold", NONE),
                new Route(OPERATORS, "POST", "/freeze", WHY),
                new Route(OPERATORS, "POST", "/unfreeze", WHY),
                new Route(OPERATORS, "POST", "/adopt", NONE),
                new Route(OPERATORS, "POST", "/breaker/reset", NONE),
                new Route(OPERATORS, "POST", "/scopes/zone-a/lost", NONE));
        List<Route> all = new ArrayList<>();
        for (String base : List.of("", "/pools/default", "/cloudpools/default")) {
            below.forEach(route -> all.add(new Route(route.may, route.method, base + route.path, route.body)));
            all.add(new Route(READERS, "GET", base.isEmpty() ? "/" : base, NONE));
        }
        all.add(new Route(READERS, "GET", "/pools", NONE));
        all.add(new Route(ADMINS, "PUT", "/pools/other", DOCUMENT));
        all.add(new Route(ADMINS, "PUT", "/cloudpools/other", DOCUMENT));
        all.add(new Route(OPERATORS, "POST", "/fleet/freeze", WHY));
        all.add(new Route(READERS, "GET", "/connections", NONE));
        all.add(new Route(READERS, "GET", "/connections/paper", NONE));
        all.add(new Route(OPERATORS, "POST", "/connections/paper/refresh", NONE));
        all.add(new Route(OPERATORS, "POST", "/fleet/unfreeze", WHY));
        return all.stream();
    }

    @BeforeAll
    static void open() {
        adapter = new Adapter(home, pools);
    }

    @AfterAll
    static void close() {
        adapter.close();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_route_is_for_its_roles_and_for_no_other(Route route) {
        for (Role role : Role.values()) {
            fresh();
            var answer = send(role, route, route.body);
            if (route.may.contains(role)) {
                assertThat(answer.statusCode()).as(role + ": " + answer.body()).isBetween(200, 201);
            } else {
                assertThat(answer.statusCode()).as(role.word()).isEqualTo(403);
                assertThat(answer.body()).contains("\"code\":\"FORBIDDEN\"", "errorId");
                assertThat(pools.changes).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void a_role_is_refused_before_its_body_is_read(Route route) {
        fresh();
        for (Role role : EnumSet.complementOf(EnumSet.copyOf(route.may))) {
            boolean decidedByTheBody = role == Role.MONITOR && route.path.endsWith("/i-1/serviceState");
            if (!decidedByTheBody) {
                assertThat(send(role, route, "no json at all").statusCode()).isEqualTo(403);
            }
        }
    }

    @Test
    void stop_and_delete_are_for_their_roles() {
        for (Role role : Role.values()) {
            fresh();
            assertThat(adapter.post(role, "/stop").statusCode()).isEqualTo(OPERATORS.contains(role) ? 200 : 403);
            fresh();
            assertThat(adapter.send(
                                    role,
                                    adapter.request("/pools/default?machines=release")
                                            .DELETE())
                            .statusCode())
                    .isEqualTo(ADMINS.contains(role) ? 200 : 403);
        }
    }

    @Test
    void every_route_of_the_door_is_in_this_table() {
        Set<String> tried = new java.util.HashSet<>(Set.of("POST stop", "DELETE "));
        routes().forEach(route -> tried.add(route.method + " "
                + route.path
                        .replaceFirst("^/(cloud)?pools/(default|other)", "")
                        .replaceFirst("^/pools$|^/fleet", "")
                        .replaceFirst("^/", "")
                        .replace("i-1", "{machineId}")
                        .replace("zone-a", "{scope}")
                        .replaceFirst("^machines/\\{machineId}$", "machines/{machineId}")));
        for (Class<?> type : List.of(
                PoolPaths.class,
                NamedPool.class,
                DefaultPool.class,
                PoolsPaths.class,
                FleetPaths.class,
                SizePaths.class)) {
            for (var method : type.getDeclaredMethods()) {
                String verb = verb(method);
                if (!verb.isEmpty()) {
                    var path = method.getAnnotation(jakarta.ws.rs.Path.class);
                    String at = type == SizePaths.class ? "pool/size" : path == null ? "" : path.value();
                    assertThat(tried).contains(verb + " " + at);
                }
            }
        }
    }

    private static String verb(java.lang.reflect.Method method) {
        return Stream.of(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(jakarta.ws.rs.HttpMethod.class))
                .filter(java.util.Objects::nonNull)
                .map(jakarta.ws.rs.HttpMethod::value)
                .findFirst()
                .orElse("");
    }

    @Test
    void what_is_no_name_of_a_pool_is_told_to_those_who_may_make_one() {
        for (Role role : Role.values()) {
            assertThat(adapter.json(role, "PUT", "/pools/No_Name", "{\"max\": 1}")
                            .statusCode())
                    .isEqualTo(ADMINS.contains(role) ? 400 : 404);
        }
    }

    @Test
    void only_the_autoscalers_that_a_document_lists_may_set_its_size() {
        String listing = "{\"max\": 10, \"autoscalers\": [\"somebody-else\"]}";
        fresh();
        assertThat(adapter.json(Role.ADMIN, "PUT", "/pools/default", listing).statusCode())
                .isEqualTo(200);
        pools.changes.clear();

        for (String path : List.of("/pool/size", "/pools/default/pool/size", "/cloudpools/default/pool/size")) {
            assertThat(adapter.json(Role.AUTOSCALER, "POST", path, "no json").statusCode())
                    .isEqualTo(403);
            assertThat(adapter.get(Role.AUTOSCALER, path).statusCode()).isEqualTo(200);
            assertThat(adapter.json(Role.OPERATOR, "POST", path, "{\"desiredSize\":1}")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(pools.changes).allMatch(change -> change.contains("operator"));

        String listed = "{\"max\": 10, \"autoscalers\": [\"autoscaler\"]}";
        adapter.json(Role.ADMIN, "PUT", "/pools/default", listed);
        assertThat(adapter.json(Role.AUTOSCALER, "POST", "/pool/size", "{\"desiredSize\":2}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_certificate_without_a_role_may_do_nothing() throws Exception {
        fresh();
        FleetCa authority = FleetCa.load(home, java.time.Clock.systemUTC());
        var issued = authority.issueServer(List.of("no-role.example"), java.time.Duration.ofDays(1));
        Path certificate = home.resolve("no-role.pem");
        Path key = home.resolve("no-role.key");
        java.nio.file.Files.writeString(certificate, issued.certificatePem());
        java.nio.file.Files.writeString(key, issued.keyPem());
        var tls = new io.weir.certs.TlsSettings(certificate, key, adapter.certs.authority());

        try (var nobody = Adapter.client(tls)) {
            routes().forEach(route -> {
                int status;
                try {
                    status = Adapter.send(nobody, request(route, route.body)).statusCode();
                } catch (java.io.UncheckedIOException endedAtTheHandshake) {
                    status = 403;
                }
                assertThat(status).as(route.toString()).isEqualTo(403);
            });
        }
        assertThat(pools.changes).isEmpty();
    }

    private static void fresh() {
        pools.pools.clear();
        var pool = pools.with("default", PoolDocument.of(0, 100, 2));
        pool.machines.put("i-1", PaperPools.machine("i-1", MachineState.RUNNING));
    }

    private static java.net.http.HttpResponse<String> send(Role role, Route route, String body) {
        return adapter.send(role, request(route, body));
    }

    private static java.net.http.HttpRequest.Builder request(Route route, String body) {
        if (body.isEmpty() || route.body.isEmpty()) {
            return adapter.request(route.path).method(route.method, java.net.http.HttpRequest.BodyPublishers.noBody());
        }
        return adapter.request(route.path)
                .method(route.method, java.net.http.HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
    }
}
