package io.weir.aws;

import io.weir.aws.ec2.Ec2;
import io.weir.aws.ec2.Login;
import io.weir.aws.ec2.Login.Credentials;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.ConnectionSettings;
import io.weir.cloud.Elastisys;
import io.weir.cloud.Supplies;
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
 * One entry of {@code connections:}: an account and a region. No text of it shows a secret.
 *
 * @param timeout how long a call may take; absent: four fifths of what the adapter waits at most
 */
record AwsConnection(Ec2.Settings settings, Optional<Duration> timeout) implements ConnectionSettings {
    private static final int LONGEST = 2048;
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]{1,2}");
    private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::[0-9]{12}:role/.+");
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_=,.@-]{2,64}");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST_LAG = Duration.ofMinutes(10);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    static AwsConnection read(Fields fields, Path folder) {
        @Nullable String region = matching(fields, "region", REGION, "must be a region such as eu-north-1");
        Credentials credentials =
                fields.optional("credentials", some -> credentials(some, folder), new Credentials.Usual());
        Login login = new Login(
                Optional.ofNullable(region),
                credentials,
                Optional.ofNullable(fields.optional("assumeRole", AwsConnection::role)),
                endpoints(fields),
                file(fields, "ca", folder),
                fields.optionalDuration("connectTimeout", Duration.ofMillis(100), Duration.ofSeconds(30), CONNECT),
                SECOND);
        Ec2.Settings settings = new Ec2.Settings(
                login,
                fields.optionalDuration("lag", Duration.ZERO, LONGEST_LAG, Ec2.LAG),
                fields.optionalDuration("lateness", Duration.ZERO, LONGEST_LAG, Ec2.LATENESS),
                Elastisys.read(fields));
        return new AwsConnection(
                settings, Optional.ofNullable(fields.optionalDuration("timeout", SECOND, Duration.ofSeconds(60))));
    }

    private static Credentials credentials(Fields fields, Path folder) {
        @Nullable String profile = fields.optionalString("profile", LONGEST);
        @Nullable String keyId = fields.optionalString("accessKeyId", 128);
        @Nullable Secret secret = fields.optionalSecret("secretAccessKey");
        @Nullable Secret session = fields.optionalSecret("sessionToken");
        @Nullable Credentials web = fields.optional("webIdentity", some -> webIdentity(some, folder));
        if ((keyId == null) != (secret == null)) {
            fields.problem(
                    keyId == null ? "accessKeyId" : "secretAccessKey",
                    "is missing; accessKeyId and secretAccessKey go together");
        }
        int ways = (profile == null ? 0 : 1) + (keyId == null ? 0 : 1) + (web == null ? 0 : 1);
        if (ways > 1) {
            fields.problem("profile", "one of profile, accessKeyId and webIdentity, not several");
        }
        if (ways == 0 && secret == null) {
            fields.problem(
                    "profile",
                    "is missing: name profile, accessKeyId or webIdentity, or leave credentials out for AWS's usual chain");
        }
        if (profile != null) {
            return new Credentials.Profile(profile);
        }
        if (keyId != null && secret != null) {
            return new Credentials.Keys(
                    keyId, secret::reveal, session == null ? Optional.empty() : Optional.of(session::reveal));
        }
        return web == null ? new Credentials.Usual() : web;
    }

    private static Credentials webIdentity(Fields fields, Path folder) {
        String role = fields.requiredString("role", LONGEST);
        if (!ROLE.matcher(role).matches()) {
            fields.problem("role", "must be the ARN of a role");
        }
        return new Credentials.WebIdentity(
                role, folder.resolve(fields.requiredString("tokenFile", LONGEST)), session(fields));
    }

    private static Login.Role role(Fields fields) {
        String role = fields.requiredString("role", LONGEST);
        if (!ROLE.matcher(role).matches()) {
            fields.problem("role", "must be the ARN of a role, arn:aws:iam::123456789012:role/name");
        }
        return new Login.Role(
                role,
                Optional.ofNullable(fields.optionalString("externalId", 1224)),
                session(fields),
                fields.optionalDuration("duration", Duration.ofMinutes(15), Duration.ofHours(12), Duration.ofHours(1)));
    }

    private static String session(Fields fields) {
        @Nullable String session = matching(fields, "session", SESSION, "must have 2 to 64 letters, digits and _=,.@-");
        return session == null ? "weir" : session;
    }

    private static Login.Endpoints endpoints(Fields fields) {
        Optional<URI> all = uri(fields, "endpoint");
        Login.Endpoints each = fields.optional(
                "endpoints",
                some -> new Login.Endpoints(uri(some, "ec2"), uri(some, "ssm"), uri(some, "sts")),
                Login.Endpoints.USUAL);
        return new Login.Endpoints(
                each.ec2().or(() -> all), each.ssm().or(() -> all), each.sts().or(() -> all));
    }

    private static Optional<URI> uri(Fields fields, String name) {
        @Nullable String text = fields.optionalString(name, LONGEST);
        if (text == null) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException no) {
            // told below
        }
        fields.problem(
                name, "must be an address such as https://ec2.eu-north-1.amazonaws.com, without a name or password");
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

    private static @Nullable String matching(Fields fields, String name, Pattern form, String rule) {
        @Nullable String text = fields.optionalString(name, LONGEST);
        if (text != null && !form.matcher(text).matches()) {
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
        Ec2 ec2 = new Ec2(settings.answeredWithin(answer), supplies.clock(), supplies.wall(), supplies.requests());
        return new CloudConnection(ec2.driver(), Ec2.RATES, ec2.catalogs(), ec2::check);
    }
}
