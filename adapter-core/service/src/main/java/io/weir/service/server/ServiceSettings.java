package io.weir.service.server;

import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.service.caller.RequestLimits.Rates;
import java.util.List;
import java.util.Map;

/**
 * How a service is served.
 *
 * @param name the service's name, in logs and health
 * @param main the HTTPS port, client certificates required
 * @param management the plain port for health and metrics
 * @param tls the server's certificate and key, and whom it believes as clients
 * @param subjects roles of certificates that carry no fleet identity, by subject
 * @param rates how much one identity may ask for
 * @param warmUp paths that are asked for with GET once, inside the process, before the service says it is up
 */
public record ServiceSettings(
        String name,
        Listener main,
        Listener management,
        TlsSettings tls,
        Map<String, Role> subjects,
        Rates rates,
        List<String> warmUp) {
    public ServiceSettings {
        subjects = Map.copyOf(subjects);
        warmUp = List.copyOf(warmUp);
    }

    /** With the usual rates. */
    public ServiceSettings(
            String name,
            Listener main,
            Listener management,
            TlsSettings tls,
            Map<String, Role> subjects,
            List<String> warmUp) {
        this(name, main, management, tls, subjects, Rates.USUAL, warmUp);
    }

    /** On free ports of the loopback. */
    public static ServiceSettings of(String name, TlsSettings tls) {
        return new ServiceSettings(
                name,
                new Listener(Listener.LOOPBACK, 0, "--port"),
                new Listener(Listener.LOOPBACK, 0, "--management-port"),
                tls,
                Map.of(),
                Rates.USUAL,
                List.of());
    }

    public ServiceSettings withMain(String host, int port, String option) {
        return new ServiceSettings(name, new Listener(host, port, option), management, tls, subjects, rates, warmUp);
    }

    public ServiceSettings withManagement(String host, int port, String option) {
        return new ServiceSettings(name, main, new Listener(host, port, option), tls, subjects, rates, warmUp);
    }

    public ServiceSettings withSubjects(Map<String, Role> rows) {
        return new ServiceSettings(name, main, management, tls, rows, rates, warmUp);
    }

    public ServiceSettings withRates(Rates others) {
        return new ServiceSettings(name, main, management, tls, subjects, others, warmUp);
    }

    public ServiceSettings withWarmUp(String... paths) {
        return new ServiceSettings(name, main, management, tls, subjects, rates, List.of(paths));
    }
}
