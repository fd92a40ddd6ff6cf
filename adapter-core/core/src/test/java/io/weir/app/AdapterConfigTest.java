package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.certs.Role;
import io.weir.http.Documents;
import io.weir.journal.Bounds;
import io.weir.pool.PoolName;
import io.weir.pool.VictimPolicy;
import io.weir.service.config.ConfigProblems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterConfigTest {
    @TempDir
    private Path folder;

    private AdapterConfig read(String yaml) throws Exception {
        return AdapterConfig.read(Files.writeString(folder.resolve("adapter.yml"), yaml), Documents.ofSimulated());
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
    void an_empty_file_has_no_pools_and_the_defaults() throws Exception {
        AdapterConfig config = read("pools: {}\n");

        assertThat(config.pools()).isEmpty();
        assertThat(config.port()).isEqualTo(8443);
        assertThat(config.journal()).isEqualTo(new Bounds(Duration.ofDays(7), 1L << 30));
        assertThat(config.watch()).isEqualTo(AdapterConfig.Watching.DEFAULT);
    }
}
