package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.certs.Role;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Kind;
import io.weir.journal.Bounds;
import io.weir.pool.PoolName;
import io.weir.pool.VictimPolicy;
import io.weir.service.config.ConfigProblems;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterConfigTest {
    private static final Simulated CLOUD =
            Simulated.beside(HttpClient.newHttpClient(), () -> URI.create("http://127.0.0.1:1"));

    @TempDir
    private Path folder;

    private AdapterConfig read(String yaml) throws Exception {
        return AdapterConfig.read(Files.writeString(folder.resolve("adapter.yml"), yaml), CLOUD);
    }

    @Test
    void the_example_of_the_documentation_is_read_as_it_stands() throws Exception {
        String page = Files.readString(Path.of("../../docs/configuration.md"));
        String example =
                page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```\n", page.indexOf("```yaml") + 8));

        AdapterConfig config = read(example);

        assertThat(config.pools()).containsOnlyKeys(new PoolName("web"));
        var web = config.pools().values().iterator().next();
        assertThat(web.max()).isEqualTo(20);
        assertThat(web.victimPolicy()).isEqualTo(VictimPolicy.ZONE_BALANCING);
        assertThat(config.subjects()).containsEntry("CN=elastisys-autoscaler", Role.AUTOSCALER);
        assertThat(config.managementPort()).isEqualTo(8444);
        assertThat(config.journal()).isEqualTo(new Bounds(Duration.ofDays(3), 256L << 20));
    }

    @Test
    void every_problem_is_told_at_once_with_its_field() {
        assertThatThrownBy(() -> read(
                        "listen: {prot: 1}\nwatch: {interval: 1s, busy: 2s}\npools: {Web: {max: 3}, ok: {max: -1, sise: 3}}\n"
                                + "journal: {days: 0, megabites: 5}\n"))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining("prot")
                .hasMessageContaining("port")
                .hasMessageContaining("busy")
                .hasMessageContaining("pools.Web")
                .hasMessageContaining("max")
                .hasMessageContaining("sise")
                .hasMessageContaining("journal.days")
                .hasMessageContaining("megabytes");
    }

    @Test
    void limits_of_a_connection_replace_those_of_the_cloud_kind_by_kind() throws Exception {
        AdapterConfig config = read("""
                connections:
                  east:
                    limits: {launchedMachines: {perSecond: 0.5, burst: 20}, list: {perSecond: 1, burst: 2}}
                """);

        Rates limits = Objects.requireNonNull(config.connections().get("east")).limits();
        Rates ofCloud = new Rates(Map.of(Kind.LIST, new Rates.Bucket(9, 9), Kind.FIND, new Rates.Bucket(5, 5)));
        assertThat(ofCloud.with(limits).byKind())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Kind.LIST, new Rates.Bucket(1, 2),
                        Kind.FIND, new Rates.Bucket(5, 5),
                        Kind.LAUNCHED_MACHINES, new Rates.Bucket(0.5, 20)));
    }

    @Test
    void a_limit_that_has_no_sense_is_refused_with_its_field() {
        assertThatThrownBy(() -> read("""
                connections:
                  east: {limits: {launch: {perSecond: 0, burst: 1}, lsit: {perSecond: 1, burst: 1}, find: {perSecond: 1}}}
                  west: {url: "ftp://x"}
                """))
                .hasMessageContaining(
                        "connections.east.limits.launch.perSecond: must be a number from 0.001 to 1000000")
                .hasMessageContaining("connections.east.limits.lsit: is not a known field, did you mean \"list\"?")
                .hasMessageContaining("connections.east.limits.find.burst: is missing")
                .hasMessageContaining("connections.west.url: must be the address of a simulated cloud");
    }

    @Test
    void an_empty_file_has_no_pools_and_the_defaults() throws Exception {
        AdapterConfig config = read("pools: {}\n");

        assertThat(config.pools()).isEmpty();
        assertThat(config.port()).isEqualTo(8443);
        assertThat(config.journal()).isEqualTo(new Bounds(Duration.ofDays(7), 1L << 30));
        assertThat(config.watch()).isEqualTo(AdapterConfig.Watching.DEFAULT);
    }
}
