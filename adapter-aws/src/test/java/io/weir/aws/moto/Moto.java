package io.weir.aws.moto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * moto, an emulator of AWS by others, in a virtual environment of Python that is made once under {@code target} and on a free port. Its tests
 * run when {@code -Dweir.moto=true} asks for them; then it is a failure that it cannot be had.
 */
final class Moto implements AutoCloseable {
    private static final String VERSION = "5.2.5";
    private static final Path HOME = Path.of("target", "moto-" + VERSION).toAbsolutePath();
    private static final Path SERVER =
            Path.of("src", "test", "aws", "moto-server.py").toAbsolutePath();

    private final Process process;
    private final URI url;

    private Moto(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    static Moto start() {
        assumeTrue(Boolean.getBoolean("weir.moto"), "skipped: -Dweir.moto=true installs moto; .ci/aws-test does it");
        try {
            make();
            ProcessBuilder server =
                    new ProcessBuilder(HOME.resolve("bin/python").toString(), SERVER.toString());
            server.environment().put("MOTO_ENABLE_AMI_VALIDATION", "true");
            server.environment().put("MOTO_ENABLE_KEYPAIR_VALIDATION", "true");
            server.environment().put("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "true");
            server.redirectError(
                    ProcessBuilder.Redirect.to(HOME.resolve("moto.log").toFile()));
            Process process = server.start();
            String line = process.inputReader().readLine();
            if (line == null) {
                throw new IOException("moto does not start: " + Files.readString(HOME.resolve("moto.log")));
            }
            return new Moto(process, URI.create(line));
        } catch (IOException notHere) {
            throw new IllegalStateException("moto cannot be had", notHere);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** Several test processes may want it at once: one makes it, the others wait. */
    private static void make() throws IOException, InterruptedException {
        Files.createDirectories(HOME);
        Path done = HOME.resolve("done");
        try (RandomAccessFile lockFile =
                        new RandomAccessFile(HOME.resolve("lock").toFile(), "rw");
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
        post("/moto-api/reset", "", "");
    }

    /** Whether from now on every caller needs a key and a policy of moto's own. */
    void enforce(boolean all) {
        post("/moto-api/reset-auth", "", all ? "0" : "inf");
    }

    record Key(String id, String secret) {}

    /** A user of moto's IAM with one policy; nothing may be enforced yet. */
    Key user(String name, String policy) {
        iam(Map.of("Action", "CreateUser", "UserName", name));
        iam(Map.of("Action", "PutUserPolicy", "UserName", name, "PolicyName", "least", "PolicyDocument", policy));
        String made = iam(Map.of("Action", "CreateAccessKey", "UserName", name));
        return new Key(between(made, "<AccessKeyId>"), between(made, "<SecretAccessKey>"));
    }

    private static String between(String xml, String tag) {
        int begin = xml.indexOf(tag) + tag.length();
        return xml.substring(begin, xml.indexOf('<', begin));
    }

    /** moto tells services apart by whom a request is signed for. */
    private String iam(Map<String, String> parameters) {
        String body = parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
                .collect(Collectors.joining("&", "Version=2010-05-08&", ""));
        return post(
                "/",
                "AWS4-HMAC-SHA256 Credential=AKIAADMIN/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
                body);
    }

    private String post(String path, String authorization, String body) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                    .header(
                            "Content-Type",
                            authorization.isEmpty() ? "text/plain" : "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(body));
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " is answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
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
