package io.weir.openstack.nova;

import static io.weir.openstack.nova.RealOpenstack.object;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.driver.CloudDriver;
import io.weir.kit.CloudTarget;
import io.weir.kit.PoolText;
import io.weir.openstack.Openstack;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.opentest4j.TestAbortedException;

/** A real OpenStack behind a line that can be cut. */
final class NovaTarget implements CloudTarget {
    private final RealOpenstack cloud;
    private final NovaLine line;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private CloudDriver driver;
    private boolean networked;
    private final Set<String> disabled = new HashSet<>();
    private final List<MachineId> foreign = new ArrayList<>();
    private Optional<String> ownImage = Optional.empty();
    private boolean revoked;
    private boolean quotaSet;
    private boolean losesAnswer;
    private boolean losesRequest;

    NovaTarget(RealOpenstack cloud) throws NovaFailure {
        this.cloud = cloud;
        this.line =
                new NovaLine(cloud.calls().session().address(Service.COMPUTE).orElseThrow());
        this.driver = newDriver();
    }

    private CloudDriver newDriver() {
        return DriverParts.of(this::account, clock(), threads)
                .at(Map.of("compute", line.url()))
                .driver();
    }

    private Account account() {
        Account good = cloud.account();
        return revoked
                ? new Account(
                        good.authUrl(),
                        good.region(),
                        good.face(),
                        new Account.Password(WireCloud.name("demo"), "not the password", WireCloud.name("demo")))
                : good;
    }

    @Override
    public CloudDriver driver() {
        return new LosingDriver(driver, new LosingDriver.Line() {
            @Override
            public void begins(int changes) {
                line.losesAnswers = losesAnswer;
                line.losesRequests = losesRequest;
                losesAnswer = false;
                losesRequest = false;
            }

            @Override
            public void ends() {
                line.losesAnswers = false;
                line.losesRequests = false;
            }
        });
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public PoolDocument document() {
        return PoolText.read(new Openstack(Map.of()), """
                max: 10
                image: "%s"
                machineTypes: ["%s"]
                network: "%s"
                """.formatted(
                        ownImage.orElseGet(cloud::image), cloud.flavor(), networked ? cloud.network() : "none"));
    }

    /** From now on machines have a port on a network: most tests need none, and half the work of a launch is Neutron's. */
    void network() {
        networked = true;
    }

    @Override
    public void pass(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    @Override
    public void loseNextAnswer() {
        losesAnswer = true;
    }

    @Override
    public void loseNextRequest() {
        losesRequest = true;
    }

    /** What other tests left is going, and is waited for: it counts until it is gone. */
    @Override
    public void limitQuota(int machines) {
        asAdmin(calls -> {
            await().atMost(patience())
                    .until(() -> cloud.calls().get(Service.COMPUTE, "/servers").rows("servers").stream()
                            .noneMatch(row -> row.path("name").asText().matches("(kit|stranger-kit)-.*")));
            long used = new OpenstackNovaApi(cloud.calls())
                    .serverQuotas().stream()
                            .filter(quota -> quota.name().equals("instances"))
                            .findFirst()
                            .orElseThrow()
                            .used();
            calls.put(Service.COMPUTE, "/os-quota-sets/{id}", cloud.project())
                    .body(object("quota_set", Map.of("instances", used + machines, "force", true)))
                    .done();
        });
        quotaSet = true;
    }

    @Override
    public void restart() {
        driver = newDriver();
    }

    @Override
    public void writeTag(MachineId id, String key, String value) {
        asUser(calls -> new OpenstackNovaApi(calls).mergeMetadata(id.value(), Map.of(key, value)));
    }

    /** The image that a launch was frozen with is one of this test alone, and is deleted. */
    @Override
    public void forgetImages() {
        asUser(calls -> calls.delete(Service.IMAGE, "/images/{id}", ownImage.orElseThrow())
                .done());
        ownImage = Optional.empty();
    }

    /** An image of this test alone, with a kilobyte of nothing in it. */
    void ownImage() {
        asUser(calls -> {
            String id = calls.post(Service.IMAGE, "/images")
                    .body(JsonNodeFactory.instance
                            .objectNode()
                            .put("name", "kit-" + System.nanoTime())
                            .put("container_format", "bare")
                            .put("disk_format", "raw"))
                    .object()
                    .path("id")
                    .asText();
            cloud.upload(id, new byte[1024]);
            ownImage = Optional.of(id);
        });
    }

    /** The only host of the zone takes no more: Nova then finds no valid host. */
    @Override
    public void limitCapacity(Scope scope, int machines) {
        if (machines > 0) {
            throw new TestAbortedException("this target can make a zone full, not nearly full");
        }
        asAdmin(calls -> {
            for (JsonNode service : calls.get(Service.COMPUTE, "/os-services")
                    .with("binary", "nova-compute")
                    .rows("services")) {
                if (service.path("zone").asText().equals(scope.value())) {
                    disabled.add(service.path("id").asText());
                }
            }
        });
        disabled.forEach(id -> service(id, "disabled"));
    }

    private void service(String id, String status) {
        asAdmin(calls -> calls.put(Service.COMPUTE, "/os-services/{id}", id)
                .body(object("status", status))
                .done());
    }

    @Override
    public void hide(Scope scope) {
        line.darkZone = Optional.of(scope.value());
    }

    @Override
    public void refuseLater() {
        cloud.fault("spawn-abort", "1\nkit-");
    }

    @Override
    public void protect(MachineId id) {
        action(id, "lock");
    }

    void rename(MachineId id, String name) {
        asUser(calls -> calls.put(Service.COMPUTE, "/servers/{id}", id.value())
                .body(object("server", Map.of("name", name)))
                .done());
    }

    void unlock(MachineId id) {
        action(id, "unlock");
    }

    /**
     * By the owner, whom a lock keeps from deleting too. Only on a server that has a host: until then it is not in its cell's
     * database, where Nova begins by writing the action down, and the answer is 500 with a DBReferenceError, whoever asks.
     */
    private void action(MachineId id, String what) {
        ObjectNode body = object(what, Map.of());
        body.putNull(what);
        asUser(calls -> calls.post(Service.COMPUTE, "/servers/{id}/action", id.value())
                .body(body)
                .done());
    }

    @Override
    public void pageSize(int machines) {
        line.pageSize = machines;
    }

    @Override
    public void throttleListings(int calls) {
        line.listings.set(calls);
    }

    @Override
    public void makeUnavailable() {
        line.down = true;
    }

    @Override
    public void revokeCredentials() {
        line.spoilsTokens = true;
        revoked = true;
    }

    @Override
    public MachineId launchForeign(String name) {
        try {
            String imageId = new OpenstackCatalog(cloud.calls())
                    .images(Map.of("name", cloud.image()))
                    .getFirst()
                    .id();
            String flavor = new OpenstackCatalog(cloud.calls())
                    .flavors().stream()
                            .filter(one -> one.name().equals(cloud.flavor()))
                            .findFirst()
                            .orElseThrow()
                            .id();
            ObjectNode server = object(
                    "server",
                    Map.of(
                            "name",
                            name,
                            "imageRef",
                            imageId,
                            "flavorRef",
                            flavor,
                            "networks",
                            "none",
                            "metadata",
                            Map.of("owner", "somebody")));
            MachineId id = new MachineId(new OpenstackNovaApi(cloud.calls()).boot(server));
            foreign.add(id);
            return id;
        } catch (NovaFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void kill(MachineId id) {
        asUser(calls -> new OpenstackNovaApi(calls).deleteServer(id.value()));
    }

    /** Nova keeps what was deleted, and shows it to administrators. */
    @Override
    public int everLaunched(String name) {
        OpenstackCalls admin = cloud.admin();
        int count = 0;
        for (String deleted : List.of("true", "false")) {
            try {
                count += (int) admin
                        .get(Service.COMPUTE, "/servers/detail")
                        .with("all_tenants", "1")
                        .with("deleted", deleted)
                        .with("name", "^" + name + "$")
                        .rows("servers")
                        .stream()
                        .filter(row -> row.path("name").asText().equals(name))
                        .count();
            } catch (NovaFailure failure) {
                throw new IllegalStateException(failure);
            }
        }
        return count;
    }

    private interface Work {
        void run(OpenstackCalls calls) throws NovaFailure;
    }

    private void asUser(Work work) {
        try {
            work.run(cloud.calls());
        } catch (NovaFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void asAdmin(Work work) {
        try {
            work.run(cloud.admin());
        } catch (NovaFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void calm() {
        line.calm();
        revoked = false;
        losesAnswer = false;
        losesRequest = false;
        cloud.noFaults();
        disabled.forEach(id -> service(id, "enabled"));
        disabled.clear();
        if (quotaSet) {
            asAdmin(calls -> calls.delete(Service.COMPUTE, "/os-quota-sets/{id}", cloud.project())
                    .done());
            quotaSet = false;
        }
    }

    @Override
    public void close() {
        for (MachineId id : foreign) {
            asUser(calls -> {
                NovaApi nova = new OpenstackNovaApi(calls);
                if (nova.server(id.value()).isPresent()) {
                    nova.deleteServer(id.value());
                }
            });
        }
        ownImage.ifPresent(id ->
                asUser(calls -> calls.delete(Service.IMAGE, "/images/{id}", id).done()));
        line.close();
        threads.close();
    }
}
