package io.weir.service.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.service.caller.Refusals;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
    @TempDir
    static Path home;

    static TlsSettings tls;

    @BeforeAll
    static void certificates() {
        Logs.configure(LogFormat.TEXT, LogLevel.WARN);
        tls = DevelopmentCerts.ensure(home, Clock.systemUTC()).server();
    }

    @Test
    void a_taken_port_is_an_error_that_names_the_option_and_gives_the_other_port_back() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = free.getLocalPort();
            free.close();
            ServiceSettings settings = ServiceSettings.of("sample", tls)
                    .withMain(Listener.LOOPBACK, port, "--port")
                    .withManagement(Listener.LOOPBACK, taken.getLocalPort(), "--management-port");
            StartProblem problem = problem(settings);
            assertThat(problem.option()).isEqualTo("--management-port");
            assertThat(problem)
                    .hasMessage("--management-port: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + " (it is taken by another program); choose another, or 0 for any free one");
            taken.close();
            WeirService service = start(settings);
            assertThat(service.port()).isEqualTo(port);
            service.stop();
        }
    }

    @Test
    void a_host_that_is_not_ours_is_an_error_that_names_the_option() {
        assertThat(problem(ServiceSettings.of("sample", tls).withMain("192.0.2.1", 0, "--host")))
                .hasMessageStartingWith("--host: cannot listen on 192.0.2.1:0");
        assertThat(problem(ServiceSettings.of("sample", tls).withMain("no.such.host.invalid", 0, "--host")))
                .hasMessageStartingWith("--host: cannot listen on no.such.host.invalid:0 (no such host is known)");
    }

    @Test
    void a_port_that_is_none_is_refused() {
        assertThatThrownBy(() -> new Listener("127.0.0.1", 65_536, "--port"))
                .hasMessage("--port: port 65536 is not between 0 and 65535");
    }

    @Test
    void a_missing_certificate_is_named() {
        var settings = ServiceSettings.of("sample", new TlsSettings(home.resolve("none.pem"), tls.key(), tls.trust()));
        assertThat(problem(settings)).hasMessageContaining("none.pem does not exist");
    }

    @Test
    void a_row_that_is_no_subject_is_refused() {
        assertThat(problem(ServiceSettings.of("sample", tls).withSubjects(Map.of("anna", Role.ADMIN))))
                .hasMessageStartingWith("subjects: ");
    }

    @Test
    void a_stopped_service_may_be_started_again_on_its_port() {
        WeirService first = start(ServiceSettings.of("sample", tls));
        int port = first.port();
        first.stop();
        WeirService second = start(ServiceSettings.of("sample", tls).withMain(Listener.LOOPBACK, port, "--port"));
        assertThat(second.url()).hasToString("https://127.0.0.1:" + port);
        second.stop();
    }

    @Test
    void what_has_an_effect_waits_until_nothing_can_end_the_start_any_more() throws IOException {
        var effects = new java.util.concurrent.atomic.AtomicInteger();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (ServiceSettings wrong : List.of(
                    ServiceSettings.of("sample", tls).withMain(Listener.LOOPBACK, taken.getLocalPort(), "--port"),
                    ServiceSettings.of("sample", new TlsSettings(home.resolve("none.pem"), tls.key(), tls.trust())))) {
                assertThatThrownBy(() -> start(wrong, effects::incrementAndGet)).isInstanceOf(StartProblem.class);
            }
        }
        assertThat(effects).hasValue(0);
        start(ServiceSettings.of("sample", tls), effects::incrementAndGet).stop();
        assertThat(effects).hasValue(1);
    }

    private static WeirService start(ServiceSettings settings, Runnable sure) {
        return WeirService.start(
                settings, List.of(new SamplePool()), new Metrics(), new Readiness(), Refusals.UNHEARD, sure);
    }

    private static StartProblem problem(ServiceSettings settings) {
        return catchThrowableOfType(StartProblem.class, () -> start(settings).stop());
    }

    private static WeirService start(ServiceSettings settings) {
        return WeirService.start(settings, List.of(new SamplePool()), new Metrics(), new Readiness(), Refusals.UNHEARD);
    }
}
