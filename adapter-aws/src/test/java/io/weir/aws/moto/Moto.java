package io.weir.aws.moto;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * moto, an emulator of AWS by others, in a virtual environment of Python that is made once under {@code target} and on a free port. Where
 * it cannot be had (no Python, no network) its tests are skipped and say why; {@code -Dweir.moto=required} makes that a failure.
 */
final class Moto implements AutoCloseable {
    private static final String VERSION = "5.2.5";
    private static final Path HOME = Path.of("target", "moto-" + VERSION).toAbsolutePath();
    private static final String SERVE =
            """
            import sys
            from moto.server import ThreadedMotoServer
            server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
            server.start()
            print("http://%s:%s" % server.get_host_and_port(), flush=True)
            sys.stdin.read()
            """;

    private final Process process;
    private final URI url;

    private Moto(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    static Moto start() {
        try {
            make();
            ProcessBuilder server = new ProcessBuilder(HOME.resolve("bin/python").toString(), "-c", SERVE);
            server.environment().put("MOTO_ENABLE_AMI_VALIDATION", "true");
            server.environment().put("MOTO_ENABLE_KEYPAIR_VALIDATION", "true");
            server.environment().put("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "true");
            server.redirectError(ProcessBuilder.Redirect.to(HOME.resolve("moto.log").toFile()));
            Process process = server.start();
            String line = process.inputReader().readLine();
            if (line == null) {
                throw new IOException("moto does not start: " + Files.readString(HOME.resolve("moto.log")));
            }
            return new Moto(process, URI.create(line));
        } catch (IOException notHere) {
            if ("required".equals(System.getProperty("weir.moto"))) {
                throw new IllegalStateException("moto cannot be had", notHere);
            }
            throw new TestAbortedException("moto cannot be had: " + notHere.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** Several test processes may want it at once: one makes it, the others wait. */
    private static void make() throws IOException, InterruptedException {
        Files.createDirectories(HOME);
        Path done = HOME.resolve("done");
        try (RandomAccessFile lockFile = new RandomAccessFile(HOME.resolve("lock").toFile(), "rw");
                FileLock lock = lockFile.getChannel().lock()) {
            if (lock.isValid() && !Files.exists(done)) {
                run("python3", "-m", "venv", HOME.toString());
                run(
                        HOME.resolve("bin/pip").toString(),
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "moto[ec2,sts,ssm,server]==" + VERSION);
                Files.createFile(done);
            }
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        File log = HOME.resolve("make.log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(List.of(command) + " does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + Files.readString(log.toPath()));
        }
    }

    URI url() {
        return url;
    }

    /** Everything in it is gone. */
    void reset() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(url.resolve("/moto-api/reset"))
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.discarding());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** It ends when nobody speaks to it any more, also when this process is killed. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
