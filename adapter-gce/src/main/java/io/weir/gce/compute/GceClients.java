package io.weir.gce.compute;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.core.ApiFunction;
import com.google.api.gax.core.BackgroundResource;
import com.google.api.gax.core.ExecutorProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.FixedExecutorProvider;
import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.auth.Credentials;
import com.google.auth.Retryable;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.compute.v1.DiskTypesClient;
import com.google.cloud.compute.v1.DiskTypesSettings;
import com.google.cloud.compute.v1.DisksClient;
import com.google.cloud.compute.v1.DisksSettings;
import com.google.cloud.compute.v1.ImagesClient;
import com.google.cloud.compute.v1.ImagesSettings;
import com.google.cloud.compute.v1.InstanceTemplatesClient;
import com.google.cloud.compute.v1.InstanceTemplatesSettings;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.compute.v1.MachineTypesClient;
import com.google.cloud.compute.v1.MachineTypesSettings;
import com.google.cloud.compute.v1.NetworksClient;
import com.google.cloud.compute.v1.NetworksSettings;
import com.google.cloud.compute.v1.RegionsClient;
import com.google.cloud.compute.v1.RegionsSettings;
import com.google.cloud.compute.v1.SubnetworksClient;
import com.google.cloud.compute.v1.SubnetworksSettings;
import com.google.cloud.compute.v1.ZoneOperationsClient;
import com.google.cloud.compute.v1.ZoneOperationsSettings;
import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Google's clients for one login.
 *
 * <ol>
 *   <li>They repeat nothing and follow no operation. What is worth repeating the pool's loop repeats, under the same request id and inside
 *       its pace; what became of an operation the next listing tells.
 *   <li>Credentials are looked for at the first call, and renewed by the library before they expire, and after.
 *   <li>One transport and one pool of threads serve all of them. A call's time-out is all that bounds it: the client does not take back
 *       what it has given up, so it may land late.
 * </ol>
 */
final class GceClients implements AutoCloseable {
    static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    final InstancesClient instances;
    final DisksClient disks;
    final ZoneOperationsClient operations;
    final RegionsClient regions;
    final MachineTypesClient machineTypes;
    final DiskTypesClient diskTypes;
    final ImagesClient images;
    final NetworksClient networks;
    final SubnetworksClient subnetworks;
    final InstanceTemplatesClient templates;
    final Credentials credentials;

    private final List<BackgroundResource> open = new ArrayList<>();
    private final ScheduledExecutorService background;

    /** @throws IOException there are no credentials */
    GceClients(Login login, Executor threads) throws IOException {
        NetHttpTransport transport = transport(login.ca());
        this.credentials = credentials(login, transport);
        this.background = InstantiatingExecutorProvider.newBuilder()
                .setExecutorThreadCount(1)
                .build()
                .getExecutor();
        Settled settled =
                new Settled(login, credentials, channel(transport, threads), FixedExecutorProvider.create(background));
        this.instances = opened(InstancesClient.create(
                settled.of(InstancesSettings.newBuilder(), InstancesSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.disks = opened(
                DisksClient.create(settled.of(DisksSettings.newBuilder(), DisksSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.operations = opened(ZoneOperationsClient.create(
                settled.of(ZoneOperationsSettings.newBuilder(), ZoneOperationsSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.regions = opened(RegionsClient.create(
                settled.of(RegionsSettings.newBuilder(), RegionsSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.machineTypes = opened(MachineTypesClient.create(
                settled.of(MachineTypesSettings.newBuilder(), MachineTypesSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.diskTypes = opened(DiskTypesClient.create(
                settled.of(DiskTypesSettings.newBuilder(), DiskTypesSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.images = opened(ImagesClient.create(
                settled.of(ImagesSettings.newBuilder(), ImagesSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.networks = opened(NetworksClient.create(
                settled.of(NetworksSettings.newBuilder(), NetworksSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.subnetworks = opened(SubnetworksClient.create(
                settled.of(SubnetworksSettings.newBuilder(), SubnetworksSettings.Builder::applyToAllUnaryMethods)
                        .build()));
        this.templates = opened(InstanceTemplatesClient.create(settled.of(
                        InstanceTemplatesSettings.newBuilder(),
                        InstanceTemplatesSettings.Builder::applyToAllUnaryMethods)
                .build()));
    }

    private <C extends BackgroundResource> C opened(C client) {
        open.add(client);
        return client;
    }

    @Override
    public void close() {
        open.forEach(BackgroundResource::shutdownNow);
        background.shutdownNow();
    }

    @FunctionalInterface
    private interface EachCall<B> {
        B apply(B builder, ApiFunction<UnaryCallSettings.Builder<?, ?>, Void> each) throws Exception;
    }

    /** What all clients have alike. */
    private record Settled(
            Login login,
            Credentials credentials,
            InstantiatingHttpJsonChannelProvider channel,
            ExecutorProvider executor) {

        <B extends ClientSettings.Builder<?, B>> B of(B builder, EachCall<B> calls) {
            builder.setCredentialsProvider(FixedCredentialsProvider.create(credentials))
                    .setTransportChannelProvider(channel)
                    .setBackgroundExecutorProvider(executor);
            login.quotaProject().ifPresent(builder::setQuotaProjectId);
            login.endpoints().compute().ifPresent(uri -> builder.setEndpoint(bare(uri.toString())));
            try {
                return calls.apply(builder, call -> {
                    call.setSimpleTimeoutNoRetriesDuration(login.answer());
                    return null;
                });
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        private static String bare(String uri) {
            return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        }
    }

    private static InstantiatingHttpJsonChannelProvider channel(HttpTransport transport, Executor threads) {
        return InstantiatingHttpJsonChannelProvider.newBuilder()
                .setHttpTransport(transport)
                .setExecutor(threads)
                .build();
    }

    static NetHttpTransport transport(Optional<Path> ca) {
        NetHttpTransport.Builder transport = new NetHttpTransport.Builder();
        if (ca.isPresent()) {
            try {
                transport.trustCertificates(Pem.trustStore(ca.get()));
            } catch (CertsProblem | GeneralSecurityException unreadable) {
                throw new IllegalArgumentException("ca: " + unreadable.getMessage(), unreadable);
            }
        }
        return transport.build();
    }

    private static GoogleCredentials credentials(Login login, HttpTransport transport) throws IOException {
        HttpTransportFactory factory = () -> transport;
        GoogleCredentials source =
                switch (login.credentials()) {
                    case Login.Credentials.Usual usual -> GoogleCredentials.getApplicationDefault(factory);
                    case Login.Credentials.KeyFile key -> read(key.file(), factory);
                    case Login.Credentials.MetadataServer server ->
                        ComputeEngineCredentials.newBuilder()
                                .setHttpTransportFactory(factory)
                                .build();
                    case Login.Credentials.Token token -> new Renewed(token);
                };
        if (source.createScopedRequired()) {
            source = source.createScoped(SCOPE);
        }
        if (login.impersonated().isEmpty()) {
            return source;
        }
        Login.Impersonated as = login.impersonated().get();
        ImpersonatedCredentials.Builder impersonated = ImpersonatedCredentials.newBuilder()
                .setSourceCredentials(source)
                .setTargetPrincipal(as.account())
                .setDelegates(as.delegates())
                .setScopes(List.of(SCOPE))
                .setLifetime((int) as.lasts().toSeconds())
                .setHttpTransportFactory(factory);
        login.endpoints()
                .iam()
                .ifPresent(uri -> impersonated.setIamEndpointOverride(Settled.bare(uri.toString())
                        + "/v1/projects/-/serviceAccounts/" + as.account() + ":generateAccessToken"));
        return impersonated.build();
    }

    private static GoogleCredentials read(Path file, HttpTransportFactory factory) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return GoogleCredentials.fromStream(in, factory);
        }
    }

    /** A token that somebody else renews: asked for again at each request. */
    private static final class Renewed extends GoogleCredentials {
        private static final long serialVersionUID = 1;

        private final transient Login.Credentials.Token token;

        Renewed(Login.Credentials.Token token) {
            super(GoogleCredentials.newBuilder());
            this.token = token;
        }

        @Override
        public Map<String, List<String>> getRequestMetadata(URI uri) throws IOException {
            return Map.of("Authorization", List.of("Bearer " + now()));
        }

        @Override
        public AccessToken refreshAccessToken() throws IOException {
            return new AccessToken(now(), null);
        }

        private String now() throws IOException {
            try {
                return token.token().get();
            } catch (RuntimeException unreadable) {
                throw new Unreadable(unreadable);
            }
        }
    }

    /** There is no token, so nothing was sent. Said in the way that the library says it of its own credentials. */
    private static final class Unreadable extends IOException implements Retryable {
        private static final long serialVersionUID = 1;

        Unreadable(RuntimeException why) {
            super(String.valueOf(why.getMessage()), why);
        }

        @Override
        public boolean isRetryable() {
            return false;
        }

        @Override
        public int getRetryCount() {
            return 0;
        }
    }
}
