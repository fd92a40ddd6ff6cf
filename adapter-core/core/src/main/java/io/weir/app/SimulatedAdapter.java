package io.weir.app;

import io.weir.service.ScaledClock;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The embedded default: certificates, store and cloud of its own, all below one home. */
@Command(
        mixinStandardHelpOptions = true,
        description = {
            "Serves the pools of a simulated cloud, which is a process of its own beside it.",
            "Everything it makes is in its home. The same command again goes on where it was.",
            "Without --config there is one pool, default."
        })
final class SimulatedAdapter implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    @Option(
            names = "--cloud-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "The port of the simulated cloud, if it has to be started (default: a free one).")
    private int cloudPort;

    @Override
    public Integer call() throws InterruptedException {
        Serving serving = new Serving(options, spec);
        return serving.told(() -> {
            Path home = options.home();
            double scale = Home.scale(home, options.timeScale());
            HttpClient http = Simulated.client();
            CloudBeside beside = new CloudBeside(home, cloudPort, scale, http);
            Simulated cloud = Simulated.beside(http, beside::url);
            AdapterConfig config = options.config().isEmpty()
                    ? AdapterConfig.embedded(cloud.beside())
                    : AdapterConfig.read(options.config().get(), cloud);
            Home.claim(home, cloud.name());
            serving.serve(cloud, config, ScaledClock.of(home, scale), cloud.isBesideUsed() ? beside : Companion.NONE);
        });
    }
}
