package io.weir.api.client;

import io.weir.api.MachinePool;
import io.weir.api.PoolSize;
import io.weir.api.SetDesiredSize;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * One pool of any adapter that speaks version 2.0 or 5.0, by its base URL.
 *
 * <ol>
 *   <li>Only calls, fields and headers that both versions know are sent to an adapter that did not show itself as more.
 *   <li>An adapter shows itself as more by answering {@code GET /pool/size} with an ETag; it is then sent {@code If-Match}
 *       and a reason, until it answers without one (another adapter stands there now).
 *   <li>Sizes are absolute: after {@code Unknown} the same call may be repeated.
 * </ol>
 */
public final class PoolClient implements AutoCloseable {
    private final Line line;
    private volatile boolean knowsTags;

    public PoolClient(URI base, SSLContext tls, Patience patience) {
        this.line = new Line(base, tls, patience);
    }

    public Answer<PoolSize> size() {
        Answer<PoolSize> answer = line.call("GET", "/pool/size", Map.of(), null, Line.as(PoolSize.class));
        if (answer instanceof Answer.Ok<PoolSize> ok) {
            knowsTags = ok.tag().isPresent();
        }
        return answer;
    }

    public Answer<MachinePool> machines() {
        return line.call("GET", "/pool", Map.of(), null, Line.as(MachinePool.class));
    }

    /** @param expected the tag of the size that the decision was made from; absent: whatever the size is */
    public Answer<Done> setSize(int size, Optional<ETag> expected, Optional<String> reason) {
        boolean more = knowsTags;
        Map<String, String> headers =
                more ? expected.map(tag -> Map.of("If-Match", tag.value())).orElse(Map.of()) : Map.of();
        var body = new SetDesiredSize(size, more ? reason.orElse(null) : null, null);
        return line.call("POST", "/pool/size", headers, body, Line.nothing());
    }

    @Override
    public void close() {
        line.close();
    }
}
