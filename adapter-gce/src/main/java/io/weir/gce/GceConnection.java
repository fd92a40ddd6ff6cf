package io.weir.gce;

import io.weir.cloud.CloudConnection;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Supplies;
import io.weir.gce.compute.Compute;
import io.weir.gce.compute.Login;
import io.weir.gce.compute.Login.Credentials;
import io.weir.gce.compute.TakeOver;
import io.weir.service.json.Fields;
import io.weir.service.json.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code connections:}: a project and a region. No text of it shows a secret.
 *
 * @param timeout how long a call may take; absent: four fifths of what the adapter waits at most
 */
record GceConnection(Compute.Settings settings, Optional<Duration> timeout) implements ConnectionSettings {
    private static final int LONGEST = 2048;
    private static final int MOST_AT_ONCE = 200;
    private static final int MOST_DELEGATES = 10;
    private static final Pattern PROJECT = Pattern.compile("([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z]+(-[a-z]+)+[0-9]{1,2}");
    private static final Pattern ACCOUNT = Pattern.compile("[^@\\s]{1,64}@[a-zA-Z0-9.-]{1,190}");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST_LAG = Duration.ofMinutes(10);

    static GceConnection read(Fields fields, Path folder) {
        String project = matching(fields, "project", PROJECT, "must be the id of a project such as my-project-1");
        String region = matching(fields, "region", REGION, "must be a region such as europe-north1");
        @Nullable String quotaProject = fields.optionalString("quotaProject", LONGEST);
        if (quotaProject != null && !PROJECT.matcher(quotaProject).matches()) {
            fields.problem("quotaProject", "must be the id of a project, not \"" + quotaProject + "\"");
        }
        Login login = new Login(
                project,
                region,
                Optional.ofNullable(quotaProject),
                fields.optional("credentials", some -> credentials(some, folder), new Credentials.Usual()),
                Optional.ofNullable(fields.optional("impersonate", GceConnection::impersonated)),
                endpoints(fields),
                file(fields, "ca", folder),
                SECOND);
        Compute.Settings settings = new Compute.Settings(
                login,
                fields.optionalDuration("lag", Duration.ZERO, LONGEST_LAG, Compute.LAG),
                fields.optionalDuration("lateness", Duration.ZERO, LONGEST_LAG, Compute.LATENESS),
                fields.optionalInt("atOnce", 1, MOST_AT_ONCE, Compute.AT_ONCE),
                TakeOver.read(fields));
        return new GceConnection(
                settings, Optional.ofNullable(fields.optionalDuration("timeout", SECOND, Duration.ofSeconds(60))));
    }

    private static Credentials credentials(Fields fields, Path folder) {
        Optional<Path> key = file(fields, "keyFile", folder);
        @Nullable Secret token = fields.optionalSecret("accessToken");
        boolean metadata = fields.optionalBoolean("metadataServer", false);
        int ways = (key.isPresent() ? 1 : 0) + (token == null ? 0 : 1) + (metadata ? 1 : 0);
        if (ways > 1) {
            fields.problem("keyFile", "one of keyFile, accessToken and metadataServer, not several");
        }
        if (ways == 0 && !fields.has("keyFile") && !fields.has("accessToken")) {
            fields.problem(
                    "keyFile",
                    "is missing: name keyFile, accessToken or metadataServer, or leave credentials out for the"
                            + " application default ones");
        }
        if (key.isPresent()) {
            return new Credentials.KeyFile(key.get());
        }
        if (token != null) {
            return new Credentials.Token(token::reveal);
        }
        return metadata ? new Credentials.MetadataServer() : new Credentials.Usual();
    }

    private static Login.Impersonated impersonated(Fields fields) {
        String account = matching(
                fields,
                "serviceAccount",
                ACCOUNT,
                "must be the e-mail address of a service account, name@project.iam.gserviceaccount.com");
        return new Login.Impersonated(
                account,
                fields.strings("delegates", MOST_DELEGATES, LONGEST),
                fields.optionalDuration("duration", Duration.ofMinutes(5), Duration.ofHours(12), Duration.ofHours(1)));
    }

    private static Login.Endpoints endpoints(Fields fields) {
        return new Login.Endpoints(uri(fields, "endpoint"), uri(fields, "iamEndpoint"));
    }

    private static Optional<URI> uri(Fields fields, String name) {
        @Nullable String text = fields.optionalString(name, LONGEST);
        if (text == null) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            boolean bare = uri.getPath() == null
                    || uri.getPath().isEmpty()
                    || uri.getPath().equals("/");
            if (web && bare && uri.getHost() != null && uri.getUserInfo() == null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException no) {
            // told below
        }
        fields.problem(
                name,
                "must be an address such as https://compute.googleapis.com, without a path, a name or a password");
        return Optional.empty();
    }

    private static Optional<Path> file(Fields fields, String name, Path folder) {
        @Nullable String text = fields.optionalString(name, LONGEST);
        if (text == null) {
            return Optional.empty();
        }
        Path file = folder.resolve(text);
        if (!Files.isReadable(file)) {
            fields.problem(name, "cannot be read: " + file);
        }
        return Optional.of(file);
    }

    private static String matching(Fields fields, String name, Pattern form, String rule) {
        String text = fields.requiredString(name, LONGEST);
        if (!text.isEmpty() && !form.matcher(text).matches()) {
            fields.problem(name, rule + ", not \"" + text + "\"");
        }
        return text;
    }

    @Override
    public CloudConnection connect(Supplies supplies) {
        Duration bound = supplies.callBound();
        Duration answer = timeout.orElse(bound.multipliedBy(4).dividedBy(5));
        if (answer.compareTo(bound) >= 0) {
            throw new IllegalArgumentException("timeout: must be below watch.callBound (" + bound + "), not " + answer);
        }
        Compute compute = new Compute(
                settings.answeredWithin(answer),
                supplies.clock(),
                supplies.wall(),
                supplies.threads(),
                supplies.requests());
        return new CloudConnection(
                compute.driver(), Compute.RATES, compute.catalogs(), compute::check, compute.leftovers());
    }
}
