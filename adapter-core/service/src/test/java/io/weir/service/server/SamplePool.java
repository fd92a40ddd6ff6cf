package io.weir.service.server;

import io.weir.certs.Role;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import io.weir.service.json.Body;
import io.weir.service.json.BodyLimit;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A pool that only remembers its size: enough to see what gets through the door. */
@Path("/")
public final class SamplePool {
    final AtomicInteger size = new AtomicInteger(3);
    final AtomicInteger changes = new AtomicInteger();

    public record Size(int desiredSize, @Nullable String reason) {}

    public record Volume(int sizeGb, boolean encrypted) {}

    public record Document(int min, int max, List<Volume> dataVolumes, Map<String, String> labels) {
        public Document {
            if (max < min) {
                throw new IllegalArgumentException("max must not be below min");
            }
        }
    }

    @GET
    @Path("pool/size")
    @Allow({Role.VIEWER, Role.MONITOR, Role.AUTOSCALER, Role.OPERATOR, Role.ADMIN})
    public Map<String, Object> size(@Context Caller caller) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("timestamp", Instant.parse("2026-11-24T10:00:00Z"));
        answer.put("desiredSize", size.get());
        answer.put("caller", caller.toString());
        answer.put("nothing", null);
        return answer;
    }

    @POST
    @Path("pool/size")
    @Allow({Role.AUTOSCALER, Role.OPERATOR, Role.ADMIN})
    public Response size(Body body) {
        Size wish = body.read(fields -> new Size(
                fields.requiredInt("desiredSize", 0, Integer.MAX_VALUE), fields.optionalString("reason", 200)));
        size.set(wish.desiredSize());
        changes.incrementAndGet();
        return Response.ok().build();
    }

    @POST
    @Path("pool/{machine}/attach")
    @Allow({Role.OPERATOR, Role.ADMIN})
    public Response attach(@PathParam("machine") String machine) {
        changes.incrementAndGet();
        return Response.ok().build();
    }

    @PUT
    @Path("pools/{name}")
    @BodyLimit(BodyLimit.POOL_DOCUMENT)
    @Allow(Role.ADMIN)
    public Document put(@PathParam("name") String name, Body body) {
        Document document = body.read(fields -> new Document(
                fields.requiredInt("min", 0, 1000),
                fields.requiredInt("max", 0, 1000),
                fields.list(
                        "dataVolumes",
                        10,
                        volume -> new Volume(
                                volume.requiredInt("sizeGb", 1, 16_384), volume.optionalBoolean("encrypted", false))),
                fields.stringMap("labels", 50, 200)));
        changes.incrementAndGet();
        return document;
    }

    @GET
    @Path("forgotten")
    public String withoutRoles() {
        return "{}";
    }

    @GET
    @Path("fail")
    @Allow(Role.ADMIN)
    public String fail() {
        throw new IllegalStateException("the secret inside of java.lang.String");
    }

    @GET
    @Path("overflow")
    @Allow(Role.ADMIN)
    public String overflow() {
        throw new StackOverflowError();
    }

    @GET
    @Path("wordless")
    @Allow(Role.ADMIN)
    public Response wordless() {
        return Response.status(409).build();
    }

    @GET
    @Path("unwritable")
    @Allow(Role.ADMIN)
    public Map<String, Object> unwritable() {
        Map<String, Object> itself = new LinkedHashMap<>();
        itself.put("itself", itself);
        return itself;
    }

    /** The same pool under a base of its own, as real pools have several. */
    @Path("pools/{name}/")
    public SamplePool below(@PathParam("name") String name) {
        return this;
    }

    @GET
    @Path("missing")
    @Allow(Role.ADMIN)
    public String missing() {
        throw ApiException.notFound("no machine i-1 here");
    }
}
