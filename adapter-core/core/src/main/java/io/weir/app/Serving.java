package io.weir.app;

import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import io.weir.certs.CertsProblem;
import io.weir.certs.DevelopmentCerts;
import io.weir.cloud.Cloud;
import io.weir.http.Documents;
import io.weir.reconcile.Refusal;
import io.weir.service.ScaledClock;
import io.weir.service.config.ConfigProblems;
import io.weir.service.log.Logs;
import io.weir.service.run.RunFile;
import io.weir.service.server.StartProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * An adapter's life from its command to its end, whichever cloud it serves.
 *
 * <ol>
 *   <li>Its home holds store, certificates, {@code time.json} and {@code run.json}, and is one cloud's for good.
 *   <li>What is wrong with options, configuration, home or ports ends it with 1 and one sentence for each problem.
 *   <li>When it answers it writes its entry into {@code run.json} and one line to standard output.
 *   <li>SIGTERM: it answers no more, ends its turns, closes its store, takes out its entry and ends what is beside it.
 * </ol>
 */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private final AdapterOptions options;
    private final CommandSpec spec;

    Serving(AdapterOptions options, CommandSpec spec) {
        this.options = options;
        this.spec = spec;
    }

    /** What a command does, with its problems told. */
    int told(Work work) throws InterruptedException {
        Logs.configure(options.logFormat(), options.logLevel());
        try {
            work.run();
            return 0;
        } catch (ProvisionException wrapped) {
            return failed(wrapped.getCause() == null ? wrapped : wrapped.getCause());
        } catch (StartProblem
                | CertsProblem
                | ConfigProblems
                | IllegalArgumentException
                | Refusal
                | UncheckedIOException
                | IOException problem) {
            return failed(problem);
        }
    }

    private int failed(Throwable problem) {
        spec.commandLine().getErr().println("weir: " + words(problem));
        return 1;
    }

    /** A file's own exceptions say no more than its name. */
    private static String words(Throwable problem) {
        return switch (problem) {
            case FileAlreadyExistsException file -> file.getFile() + " is there, and is no folder";
            case AccessDeniedException file -> file.getFile() + " may not be read or written by this user";
            case NoSuchFileException file -> file.getFile() + " does not exist, and cannot be made";
            case FileSystemException file
            when file.getReason() == null -> file.getFile() + " cannot be read or written";
            default -> String.valueOf(problem.getMessage());
        };
    }

    /** Serves until the end of the process. */
    void serve(Cloud cloud, AdapterConfig config, ScaledClock clock, Companion companion) throws InterruptedException {
        Path home = options.home();
        DevelopmentCerts certs = DevelopmentCerts.ensure(home.resolve("certs"), Clock.systemUTC());
        AdapterConfig ported = config.withPorts(options.port(), options.managementPort());
        RunningAdapter adapter = Guice.createInjector(new AdapterModule(
                        ported.settings(
                                home, ported.tls().orElse(certs.server()), clock.scale(), options.resetFromFile()),
                        clock,
                        new Documents(cloud.name(), cloud::section)))
                .getInstance(RunningAdapter.class);
        companion.start();
        CountDownLatch ended = new CountDownLatch(1);
        Runnable end = () -> {
            adapter.stop();
            companion.stop();
            new RunFile(home).remove("adapter", ProcessHandle.current().pid());
            ended.countDown();
        };
        try {
            adapter.start();
        } catch (RuntimeException problem) {
            end.run();
            throw problem;
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(end));
        Thread.ofVirtual().name("companion").start(companion::watch);
        tell(adapter, ported.tls().isEmpty());
        ended.await();
    }

    /** @param ours whether the home's own certificates open this door */
    private void tell(RunningAdapter adapter, boolean ours) {
        Path home = options.home();
        String url = adapter.url().toString();
        new RunFile(home)
                .write(
                        "adapter",
                        ProcessHandle.current().pid(),
                        Map.of(
                                "url",
                                url,
                                "managementUrl",
                                adapter.managementUrl().toString()));
        LOG.info("health and metrics are at {}, the home is {}", adapter.managementUrl(), home);
        PrintWriter out = spec.commandLine().getOut();
        out.println(url + " is ready" + (ours ? "; try: " + curl(home.resolve("certs"), url, adapter) : ""));
        out.flush();
    }

    private static String curl(Path certs, String url, RunningAdapter adapter) {
        return "curl --cacert " + Home.quoted(certs.resolve("ca.pem")) + " --cert "
                + Home.quoted(certs.resolve("operator.pem")) + " --key "
                + Home.quoted(certs.resolve("operator.key")) + " "
                + url + (adapter.hasDefaultPool() ? "/pool" : "/pools");
    }

    interface Work {
        void run() throws IOException, InterruptedException;
    }
}
