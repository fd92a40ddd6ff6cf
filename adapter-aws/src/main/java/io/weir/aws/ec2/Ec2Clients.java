package io.weir.aws.ec2;

import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import io.weir.cloud.RequestMeter;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.Lazy;

/**
 * The SDK's clients for one login.
 *
 * <ol>
 *   <li>The SDK repeats nothing. It would take InsufficientInstanceCapacity, a 500, for a fault and ask three more times before the next
 *       choice gets its turn; what is worth repeating the pool's loop repeats, under the same token and inside its pace.
 *   <li>Credentials are looked for at the first call and renewed by their provider before they expire, and after.
 *   <li>One HTTP client serves all. A redirect is not followed: what is signed for one host is nothing for another.
 * </ol>
 */
final class Ec2Clients implements AutoCloseable {
    private final Login login;
    private final Region region;
    private final SdkHttpClient http;
    private final RequestMeter meter;
    private final InstantSource wall;
    private final StsClient sts;
    private final AwsCredentialsProvider credentials;
    private final Lazy<SsmClient> ssm;

    /** @throws IllegalArgumentException what was configured cannot be used */
    Ec2Clients(Login login, RequestMeter meter, InstantSource wall) {
        this.login = login;
        this.region = region(login);
        this.meter = meter;
        this.wall = wall;
        this.http = http(login);
        // The source of a role's credentials is the one without the role.
        AwsCredentialsProvider source = source(login, () -> plain(
                        StsClient.builder(), login.endpoints().sts())
                .credentialsProvider(software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider.create())
                .build());
        StsClient first = plain(StsClient.builder(), login.endpoints().sts())
                .credentialsProvider(source)
                .build();
        this.credentials = login.role()
                .<AwsCredentialsProvider>map(role -> taken(first, role))
                .orElse(source);
        this.sts = login.role().isEmpty()
                ? first
                : plain(StsClient.builder(), login.endpoints().sts())
                        .credentialsProvider(credentials)
                        .build();
        this.ssm = new Lazy<>(() -> plain(SsmClient.builder(), login.endpoints().ssm())
                .credentialsProvider(credentials)
                .build());
    }

    String region() {
        return region.id();
    }

    Ec2Client ec2() {
        return plain(Ec2Client.builder(), login.endpoints().ec2())
                .credentialsProvider(credentials)
                .build();
    }

    Supplier<SsmClient> ssm() {
        return ssm::getValue;
    }

    StsClient sts() {
        return sts;
    }

    @Override
    public void close() {
        http.close();
    }

    private <B extends AwsSyncClientBuilder<B, ?> & AwsClientBuilder<B, ?>> B plain(B builder, Optional<URI> endpoint) {
        endpoint.ifPresent(builder::endpointOverride);
        return builder.region(region).httpClient(http).overrideConfiguration(override -> override.retryStrategy(
                        AwsRetryStrategy.doNotRetry())
                .apiCallTimeout(login.answer())
                .addExecutionInterceptor(new RequestCounter(meter, wall)));
    }

    private static Region region(Login login) {
        if (login.region().isPresent()) {
            return Region.of(login.region().get());
        }
        String profile = login.credentials() instanceof Login.Credentials.Profile named ? named.name() : null;
        try {
            return new AwsRegionProviderChain(
                            new SystemSettingsRegionProvider(),
                            profile == null
                                    ? new AwsProfileRegionProvider()
                                    : new AwsProfileRegionProvider(
                                            software.amazon.awssdk.profiles.ProfileFile::defaultProfileFile, profile))
                    .getRegion();
        } catch (SdkClientException none) {
            throw new IllegalArgumentException("region: is missing; neither AWS_REGION nor a profile names one", none);
        }
    }

    private static AwsCredentialsProvider source(Login login, Supplier<StsClient> anonymous) {
        return switch (login.credentials()) {
            case Login.Credentials.Usual usual ->
                DefaultCredentialsProvider.builder().build();
            case Login.Credentials.Profile profile ->
                ProfileCredentialsProvider.builder().profileName(profile.name()).build();
            case Login.Credentials.Keys keys -> () -> resolved(keys);
            case Login.Credentials.WebIdentity web ->
                StsWebIdentityTokenFileCredentialsProvider.builder()
                        .stsClient(anonymous.get())
                        .roleArn(web.role())
                        .webIdentityTokenFile(web.token())
                        .roleSessionName(web.session())
                        .build();
        };
    }

    private static software.amazon.awssdk.auth.credentials.AwsCredentials resolved(Login.Credentials.Keys keys) {
        try {
            String secret = keys.secret().get();
            return keys.session().isPresent()
                    ? AwsSessionCredentials.create(
                            keys.id(), secret, keys.session().get().get())
                    : AwsBasicCredentials.create(keys.id(), secret);
        } catch (RuntimeException unreadable) {
            throw SdkClientException.create("Unable to load credentials: " + unreadable.getMessage(), unreadable);
        }
    }

    private static AwsCredentialsProvider taken(StsClient sts, Login.Role role) {
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> request.roleArn(role.arn())
                        .roleSessionName(role.session())
                        .externalId(role.externalId().orElse(null))
                        .durationSeconds((int) role.lasts().toSeconds()))
                .build();
    }

    private static SdkHttpClient http(Login login) {
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
                .connectionTimeout(login.connect())
                .socketTimeout(login.answer());
        login.ca().ifPresent(file -> {
            TrustManager[] trusted = trusted(file);
            http.tlsTrustManagersProvider(() -> trusted);
        });
        return http.build();
    }

    private static TrustManager[] trusted(Path file) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(Pem.trustStore(file));
            return factory.getTrustManagers();
        } catch (CertsProblem | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException("ca: " + unreadable.getMessage(), unreadable);
        }
    }
}
