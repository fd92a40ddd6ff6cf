package io.weir.gce.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.DisksClient;
import com.google.cloud.compute.v1.DisksSettings;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.compute.v1.ListZoneOperationsRequest;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.ZoneOperationsClient;
import com.google.cloud.compute.v1.ZoneOperationsSettings;
import io.weir.cloud.RequestMeter;
import io.weir.gce.compute.Compute;
import io.weir.gce.compute.Login;
import io.weir.kit.HandClock;
import io.weir.simulated.CloudJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The fake, a clock in the hand, and Google's own client over the wire. */
final class Bench implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final String PROJECT = ExampleProject.NAME;
    static final String A = "us-central1-a";
    static final String B = "us-central1-b";
    static final String C = "us-central1-c";

    final HandClock clock = new HandClock(START);
    final FakeGce fake = FakeGce.start(clock);
    final InstancesClient instances = instances(fake.url());
    final ZoneOperationsClient operations = operations(fake.url());
    final DisksClient disks = disks(fake.url());

    /** The driver's room over this address. */
    static Compute door(URI url, InstantSource clock, ExecutorService threads) {
        return door(Compute.Settings.of(login(url)), clock, threads);
    }

    static Compute door(Compute.Settings settings, InstantSource clock, ExecutorService threads) {
        return new Compute(settings, clock, Clock.systemUTC(), threads, RequestMeter.NONE);
    }

    static Login login(URI url) {
        return new Login(
                PROJECT,
                ExampleProject.REGION,
                Optional.empty(),
                new Login.Credentials.Token(() -> Access.TOKEN),
                Optional.empty(),
                new Login.Endpoints(Optional.of(url), Optional.of(url)),
                Optional.empty(),
                Duration.ofSeconds(20));
    }

    static InstancesClient instances(URI url) {
        try {
            return InstancesClient.create(InstancesSettings.newBuilder()
                    .setEndpoint(url.toString())
                    .setCredentialsProvider(NoCredentialsProvider.create())
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ZoneOperationsClient operations(URI url) {
        try {
            return ZoneOperationsClient.create(ZoneOperationsSettings.newBuilder()
                    .setEndpoint(url.toString())
                    .setCredentialsProvider(NoCredentialsProvider.create())
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DisksClient disks(URI url) {
        try {
            return DisksClient.create(DisksSettings.newBuilder()
                    .setEndpoint(url.toString())
                    .setCredentialsProvider(NoCredentialsProvider.create())
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ComputeCloud cloud() {
        return fake.cloud();
    }

    void pass(Duration time) {
        clock.pass(time);
    }

    /** Long enough for every boot and every end. */
    void settle() {
        clock.pass(Duration.ofMinutes(1));
    }

    /** The least that can be launched. */
    static Instance instance(String name, String zone) {
        return Instance.newBuilder()
                .setName(name)
                .setMachineType("zones/" + zone + "/machineTypes/e2-small")
                .putLabels("weir-pool", "web")
                .addDisks(disk())
                .addNetworkInterfaces(card())
                .build();
    }

    static AttachedDisk disk() {
        return AttachedDisk.newBuilder()
                .setBoot(true)
                .setAutoDelete(true)
                .setInitializeParams(AttachedDiskInitializeParams.newBuilder()
                        .setSourceImage("projects/" + PROJECT + "/global/images/" + ExampleProject.IMAGE))
                .build();
    }

    static NetworkInterface card() {
        return NetworkInterface.newBuilder()
                .setNetwork("global/networks/default")
                .addAccessConfigs(AccessConfig.newBuilder().setName("external-nat"))
                .build();
    }

    static InsertInstanceRequest.Builder request(String name, String zone) {
        return InsertInstanceRequest.newBuilder()
                .setProject(PROJECT)
                .setZone(zone)
                .setInstanceResource(instance(name, zone));
    }

    Operation insert(String name) {
        return insert(request(name, A));
    }

    Operation insert(InsertInstanceRequest.Builder request) {
        return instances.insertCallable().call(request.build());
    }

    /** One that differs from the least. */
    Operation insert(String name, UnaryOperator<Instance.Builder> how) {
        return insert(request(name, A)
                .setInstanceResource(how.apply(instance(name, A).toBuilder()).build()));
    }

    Operation delete(String name) {
        return instances
                .deleteCallable()
                .call(DeleteInstanceRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(A)
                        .setInstance(name)
                        .build());
    }

    Instance get(String name) {
        return instances.get(PROJECT, A, name);
    }

    Operation operation(Operation known) {
        return operations.get(PROJECT, zone(known), known.getName());
    }

    static String zone(Operation operation) {
        return Names.last(operation.getZone());
    }

    List<Operation> operations(String zone, String filter) {
        List<Operation> all = new ArrayList<>();
        operations
                .list(ListZoneOperationsRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(zone)
                        .setFilter(filter)
                        .build())
                .iterateAll()
                .forEach(all::add);
        return all;
    }

    static AggregatedListInstancesRequest.Builder everywhere() {
        return AggregatedListInstancesRequest.newBuilder().setProject(PROJECT).setReturnPartialSuccess(true);
    }

    /** All instances there are, over all pages. */
    List<Instance> listed() {
        return listed(everywhere());
    }

    List<Instance> listed(AggregatedListInstancesRequest.Builder request) {
        List<Instance> all = new ArrayList<>();
        for (var scope : instances.aggregatedList(request.build()).iterateAll()) {
            all.addAll(scope.getValue().getInstancesList());
        }
        return all;
    }

    static List<String> names(List<Instance> instances) {
        return instances.stream().map(Instance::getName).toList();
    }

    /** What a call is refused with: the reason that Google gives; {@code 200}: it is not. */
    static String reason(ThrowingCallable call) {
        ApiException refused = Assertions.catchThrowableOfType(ApiException.class, call);
        return refused == null ? "200" : error(refused).getOrDefault("reason", "none");
    }

    static String message(ThrowingCallable call) {
        ApiException refused = Assertions.catchThrowableOfType(ApiException.class, call);
        return refused == null ? "200" : error(refused).getOrDefault("message", "none");
    }

    private static Map<String, String> error(ApiException refused) {
        if (!(refused.getCause() instanceof HttpResponseException http)) {
            throw new IllegalStateException("no answer at all", refused);
        }
        try {
            var error = CloudJson.LENIENT
                    .readTree(http.getContent())
                    .path("error")
                    .path("errors")
                    .path(0);
            return Map.of(
                    "reason", error.path("reason").asText("none"),
                    "message", error.path("message").asText("none"));
        } catch (JsonProcessingException notOurs) {
            return Map.of();
        }
    }

    @Override
    public void close() {
        instances.close();
        operations.close();
        disks.close();
        fake.close();
    }
}
