package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.pool.ConnectionPolicy;
import io.weir.pool.HealthProbe;
import io.weir.pool.Pace;
import io.weir.pool.PoolDocument;
import io.weir.pool.Rate;
import io.weir.pool.VictimPolicy;
import io.weir.service.error.ApiException;
import io.weir.service.json.Fields;
import io.weir.service.json.StrictJson;
import io.weir.service.json.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
    private static final String WHOLE = """
            min: 1
            max: 100
            size: 3
            image: debian-12
            machineTypes: [small, large]
            zones: [zone-a, zone-b]
            dataVolumes:
              - {sizeGb: 10, type: fast, encrypted: true}
            userData: |
              #cloud-config
            publicAddress: true
            connectionPolicy: local
            sshKey: ops
            network: inside
            labels: {team: web}
            connection: main
            autoscalers: [scaler]
            health:
              replaceAfter: 5m
              probe: {http: {port: 8080, path: "/health?full=1", status: 204}}
              interval: 5s
              timeout: 500ms
              failures: 4
              successes: 1
            victimPolicy: billing-period-end
            billingPeriod: 1h
            pace:
              wish: {count: 10, percent: 30, window: 2m}
            timeouts: {boot: 3m, adoptAfter: never}
            simulated: {market: spot}
            """;

    private final Documents documents = Adapter.DOCUMENTS;

    @Test
    void a_maximum_is_enough() {
        assertThat(read("{\"max\": 10}")).isEqualTo(PoolDocument.of(0, 10, 0));
    }

    @Test
    void every_field_is_read() {
        PoolDocument document = yaml(WHOLE);

        assertThat(document.dataVolumes().getFirst().sizeGb()).isEqualTo(10);
        assertThat(document.connectionPolicy()).isEqualTo(ConnectionPolicy.LOCAL);
        assertThat(document.victimPolicy()).isEqualTo(VictimPolicy.BILLING_PERIOD_END);
        assertThat(document.pace().wish()).isEqualTo(new Rate(10, 30, Duration.ofMinutes(2)));
        assertThat(document.pace().launch()).isEqualTo(Pace.DEFAULT.launch());
        assertThat(document.timeouts().boot()).isEqualTo(Duration.ofMinutes(3));
        assertThat(document.timeouts().adoptAfter()).isEmpty();
        assertThat(document.health().replaceAfter()).contains(Duration.ofMinutes(5));
        assertThat(document.health().probe())
                .contains(new HealthProbe(
                        8080,
                        Optional.of(new HealthProbe.Http("/health?full=1", 204)),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(500),
                        4,
                        1));
        assertThat(document.section()).isEqualTo("{\"market\":\"spot\"}");
    }

    @Test
    void a_probe_needs_no_more_than_a_port() {
        HealthProbe tcp = read("{\"max\": 5, \"health\": {\"probe\": {\"tcp\": {\"port\": 22}}}}")
                .health()
                .probe()
                .orElseThrow();
        HealthProbe http = read("{\"max\": 5, \"health\": {\"probe\": {\"http\": {\"port\": 80}}}}")
                .health()
                .probe()
                .orElseThrow();

        assertThat(tcp)
                .isEqualTo(new HealthProbe(22, Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(2), 3, 2));
        assertThat(http.http()).contains(new HealthProbe.Http("/", 200));
    }

    @Test
    void what_is_written_is_read_as_the_same_document() {
        PoolDocument probed = read("{\"max\": 5, \"health\": {\"probe\": {\"tcp\": {\"port\": 22}}}}");
        for (PoolDocument document : new PoolDocument[] {yaml(WHOLE), PoolDocument.of(0, 5, 2), probed}) {
            assertThat(read(WireJson.text(documents.write(document, true)))).isEqualTo(document);
        }
    }

    @Test
    void user_data_is_shown_as_length_and_hash_to_those_who_may_not_write_it() {
        String shown = WireJson.text(documents.write(yaml(WHOLE), false));

        assertThat(shown)
                .doesNotContain("cloud-config")
                .contains("\"userData\":{\"length\":14,\"sha256\":\"")
                .contains("\"size\":3");
    }

    @Test
    void all_problems_are_told_at_once_with_their_fields() {
        ApiException refusal = refusal("""
                {"min": 5, "max": 2, "imagee": "x", "zones": "zone-a", "victimPolicy": "newst",
                 "pace": {"wish": {"count": 21}, "repair": {"window": "1m"}}, "timeouts": {"adoptAfter": "1m"},
                 "dataVolumes": [{"sizeGb": 1}, {"sizeGb": 0}], "labels": {"a": 1}, "aws": {}, "simulated": {"markt": "spot"}}
                """);

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.detail())
                .contains(
                        "min: must not be above max (2), not 5",
                        "imagee: is not a known field, did you mean \"image\"?",
                        "zones: must be a list",
                        "victimPolicy: must be one of newest, oldest, zone-balancing, billing-period-end, did you mean"
                                + " \"newest\"?",
                        "pace.wish.count: must be a whole number from 1 to 20, not 21",
                        "pace.repair.window: must be from 10m to 1d",
                        "timeouts.adoptAfter: must be from 6m",
                        "dataVolumes[1].sizeGb: must be a whole number from 1 to 65536, not 0",
                        "labels.a: must be a text",
                        "aws: is for another cloud; this adapter serves simulated",
                        "simulated.markt: is not a known field, did you mean \"market\"?")
                .hasLineCount(11);
    }

    @Test
    void a_document_of_the_ancestors_is_refused_naming_each_unknown_field() {
        assertThat(refusal("{\"max\": 3, \"cloudApiSettings\": {}, \"provisioningTemplate\": {}}")
                        .detail())
                .contains("cloudApiSettings: is not a known field", "provisioningTemplate: is not a known field");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                              | max
                    {"max": null}                                   | max
                    {"max": 2.0}                                    | max
                    {"max": 1e3}                                    | max
                    {"max": "3"}                                    | max
                    {"max": true}                                   | max
                    {"max": -1}                                     | max
                    {"max": 100001}                                 | max
                    {"max": 5, "size": 6}                           | size
                    {"max": 5, "min": 2, "size": 1}                 | size
                    {"max": 5, "userData": {"length": 3}}           | userData
                    {"max": 5, "victimPolicy": "billing-period-end"}| billingPeriod
                    {"max": 5, "simulated": []}                     | simulated
                    {"max": 5, "health": {"replaceAfter": 5}}       | health.replaceAfter
                    {"max": 5, "health": {"interval": "5s"}}        | health.interval
                    {"max": 5, "health": {"probe": {}}}             | health.probe.tcp
                    {"max": 5, "health": {"probe": {"tcp": {"port": 1}, "http": {"port": 1}}}} | health.probe.tcp
                    {"max": 5, "health": {"probe": {"tcp": {}}}}    | health.probe.tcp.port
                    {"max": 5, "health": {"probe": {"tcp": {"port": 0}}}} | health.probe.tcp.port
                    {"max": 5, "health": {"probe": {"tcp": {"port": 1, "path": "/"}}}} | health.probe.tcp.path
                    {"max": 5, "health": {"probe": {"http": {"port": 1, "path": "health"}}}} | health.probe.http.path
                    {"max": 5, "health": {"probe": {"http": {"port": 1, "path": "//evil"}}}} | health.probe.http.path
                    {"max": 5, "health": {"probe": {"http": {"port": 1, "path": "/a b"}}}} | health.probe.http.path
                    {"max": 5, "health": {"probe": {"http": {"port": 1, "path": "/#a"}}}} | health.probe.http.path
                    {"max": 5, "health": {"probe": {"http": {"port": 1, "path": "/%"}}}} | health.probe.http.path
                    {"max": 5, "health": {"probe": {"http": {"port": 1, "status": 42}}}} | health.probe.http.status
                    {"max": 5, "health": {"probe": {"tcp": {"port": 1}}, "interval": "1s", "timeout": "2s"}} | health.timeout
                    {"max": 5, "image": ""}                         | image
                    """)
    void a_wrong_value_names_its_field(String document, String field) {
        assertThat(refusal(document).field()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "3", "\"max\"", "null"})
    void what_is_no_object_is_no_document(String text) {
        assertThat(refusal(text).status()).isEqualTo(400);
    }

    private ApiException refusal(String json) {
        return java.util.Objects.requireNonNull(catchThrowableOfType(ApiException.class, () -> read(json)));
    }

    private PoolDocument read(String json) {
        return Fields.read(StrictJson.json(json.getBytes(StandardCharsets.UTF_8)), documents::read);
    }

    private PoolDocument yaml(String text) {
        return Fields.read(StrictJson.yaml(text.getBytes(StandardCharsets.UTF_8)), documents::read);
    }
}
