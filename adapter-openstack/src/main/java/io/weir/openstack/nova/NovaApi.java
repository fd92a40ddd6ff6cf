package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Exactly the calls that the driver makes once a document is resolved. Rows of servers are as Nova sends them. */
interface NovaApi {

    // Servers

    /**
     * One page, as large as Nova makes them. The first is asked for without any parameter: with one, be it a limit or an order, Nova
     * leaves out the servers of cells that it cannot reach, and does not say so.
     */
    ServerPage servers(@Nullable String after) throws NovaFailure;

    record ServerPage(List<JsonNode> rows, boolean more) {}

    /** Empty: Nova says that there is no such server. */
    Optional<JsonNode> server(String id) throws NovaFailure;

    /** Answers the server's id, which is all that Nova says of it now. */
    String boot(JsonNode request) throws NovaFailure;

    void deleteServer(String id) throws NovaFailure;

    /** Other keys stay; answers all that there are now. */
    Map<String, String> mergeMetadata(String id, Map<String, String> metadata) throws NovaFailure;

    // Quotas

    List<Quota> serverQuotas() throws NovaFailure;

    List<Quota> networkQuotas() throws NovaFailure;

    List<Quota> volumeQuotas() throws NovaFailure;

    /**
     * How much of one thing a project may have.
     *
     * @param limit below 0: none
     */
    record Quota(String name, long limit, long used) {
        boolean isLimited() {
            return limit >= 0;
        }

        long left() {
            return Math.max(0, limit - used);
        }
    }

    // Volumes

    /** Whether there is a Cinder at all. */
    boolean hasVolumes() throws NovaFailure;

    /** Those with all of this metadata. */
    List<Volume> volumes(Map<String, String> metadata) throws NovaFailure;

    Optional<Volume> volume(String id) throws NovaFailure;

    record Volume(String id, String status, Map<String, String> metadata, List<String> servers, String created) {}

    Volume makeVolume(JsonNode request) throws NovaFailure;

    void deleteVolume(String id) throws NovaFailure;

    /** Of a server that is no more; Cinder refuses it for one that Nova knows. */
    void detachVolume(String id) throws NovaFailure;

    void unmarkVolume(String id, String key) throws NovaFailure;

    // Ports and floating IPs

    List<Port> portsNamed(Collection<String> names) throws NovaFailure;

    List<Port> portsDescribed(Collection<String> descriptions) throws NovaFailure;

    List<Port> portsOf(String server) throws NovaFailure;

    record Port(String id, String name, String description, String server, String created) {}

    Port makePort(JsonNode request) throws NovaFailure;

    void describePort(String id, String description) throws NovaFailure;

    void deletePort(String id) throws NovaFailure;

    List<FloatingIp> floatingIps() throws NovaFailure;

    record FloatingIp(String id, String description, Optional<String> port) {}

    FloatingIp makeFloatingIp(JsonNode request) throws NovaFailure;

    void describeFloatingIp(String id, String description) throws NovaFailure;

    void deleteFloatingIp(String id) throws NovaFailure;
}
