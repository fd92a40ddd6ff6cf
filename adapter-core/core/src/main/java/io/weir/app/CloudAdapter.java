package io.weir.app;

import io.weir.cloud.Cloud;
import io.weir.service.ScaledClock;
import io.weir.service.config.ConfigProblems;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir adapter NAME} of a real cloud: it needs a configuration, and keeps real time. */
@Command(
        mixinStandardHelpOptions = true,
        description = {
            "Serves pools of this cloud, through the connections of its configuration.",
            "The same command again goes on where it was."
        })
final class CloudAdapter implements Callable<Integer> {
    private final Cloud cloud;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    CloudAdapter(Cloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public Integer call() throws InterruptedException {
        Serving serving = new Serving(options, spec);
        return serving.told(() -> {
            if (options.timeScale() != 0 && options.timeScale() != 1) {
                throw new ConfigProblems("--time-scale: " + cloud.name()
                        + " keeps real time, so there is only 1; the simulated cloud can run faster");
            }
            Path file = options.config()
                    .orElseThrow(() -> new ConfigProblems("an adapter of " + cloud.name()
                            + " needs its connections: write them into a file and start with --config FILE."
                            + " To begin with:\n\n" + cloud.example().indent(4).stripTrailing()));
            AdapterConfig config = AdapterConfig.read(file, cloud);
            Home.claim(options.home(), cloud.name());
            serving.serve(cloud, config, ScaledClock.of(options.home(), 1), Companion.NONE);
        });
    }
}
