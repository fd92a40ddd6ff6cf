package io.weir.openstack.nova;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.CloudMachine;
import io.weir.pool.PoolName;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A server that is being placed is in two of Nova's books; Nova takes it out once, after the page was cut to its length. So a page may
 * be short, without a link to the next, though there is more. Seen on a real Nova, which does it for a moment only.
 */
class ShortPagesTest {
    private static final String LIST = "/compute/v2.1/servers/detail";
    private static final PoolName POOL = new PoolName("web");

    private final WireCloud cloud = new WireCloud();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.close();
        cloud.close();
    }

    @Test
    void a_short_page_with_a_server_that_has_no_host_yet_is_gone_on_from() throws Exception {
        page(null, row(3, "BUILD"), row(2, "ACTIVE"));
        page(id(2), row(1, "ACTIVE"));

        assertThat(listed()).containsExactlyInAnyOrder(id(1), id(2), id(3));
    }

    @Test
    void it_is_over_once_a_page_shows_nothing_new() throws Exception {
        page(null, row(3, "BUILD"), row(2, "BUILD"));
        page(id(2), row(3, "BUILD"), row(2, "BUILD"));

        assertThat(listed()).containsExactlyInAnyOrder(id(2), id(3));
    }

    @Test
    void a_short_page_of_servers_that_are_all_placed_is_the_last_one() throws Exception {
        page(null, row(2, "ACTIVE"), row(1, "ACTIVE"));

        assertThat(listed()).containsExactlyInAnyOrder(id(1), id(2));
        cloud.server.verify(1, getRequestedFor(urlPathEqualTo(LIST)));
    }

    private List<String> listed() throws Exception {
        return DriverParts.of(cloud::account, cloud.clock, threads).driver().list(Set.of(POOL)).machines().stream()
                .map(CloudMachine::id)
                .map(id -> id.value())
                .toList();
    }

    /** No page says that there is another. */
    private void page(@org.jspecify.annotations.Nullable String marker, String... rows) {
        cloud.server.stubFor(get(urlPathEqualTo(LIST))
                .withQueryParam("marker", marker == null ? absent() : equalTo(marker))
                .willReturn(WireCloud.json(
                        200, "{\"servers\": [" + Arrays.stream(rows).collect(Collectors.joining(",")) + "]}")));
    }

    private static String id(int number) {
        return "0f731b95-bbc2-4cd9-92e2-00000000000" + number;
    }

    private static String row(int number, String status) {
        return """
            {"id": "%s", "name": "web-%d", "status": "%s", "hostId": "%s", "metadata": {"weir-pool": "web"}}
            """.formatted(id(number), number, status, status.equals("BUILD") ? "" : "a-host");
    }
}
