package io.weir.autoscaler.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.AUTOSCALER;
import static io.weir.certs.Role.MONITOR;
import static io.weir.certs.Role.OPERATOR;
import static io.weir.certs.Role.VIEWER;

import io.weir.autoscaler.store.StoredDecision;
import io.weir.autoscaler.store.TargetStore;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import io.weir.service.json.Body;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The targets, what is decided for them and why; and pausing them. */
@Path("/targets")
@Produces(MediaType.APPLICATION_JSON)
public final class TargetsPaths {
    private static final int LONGEST_REASON = 500;
    private static final int USUAL_PAGE = 50;
    private static final int LONGEST_PAGE = 200;

    private final List<ServedTarget> targets;
    private final TargetStore store;

    public TargetsPaths(List<ServedTarget> targets, TargetStore store) {
        this.targets = List.copyOf(targets);
        this.store = store;
    }

    @GET
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public Shown.Targets all() {
        return new Shown.Targets(targets.stream().map(Shown.Row::of).toList());
    }

    @GET
    @Path("{name}")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public Shown.Whole one(@PathParam("name") String name) {
        return Shown.Whole.of(served(name));
    }

    /** Newest first; decisions alike in a row are kept once. */
    @GET
    @Path("{name}/decisions")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public Shown.Page decisions(
            @PathParam("name") String name,
            @QueryParam("before") @Nullable String before,
            @QueryParam("limit") @Nullable String limit) {
        served(name);
        Long cursor = before == null ? null : whole("before", before, Long.MAX_VALUE);
        int most = limit == null ? USUAL_PAGE : (int) whole("limit", limit, LONGEST_PAGE);
        List<StoredDecision> found = store.decisions(name, cursor, most + 1);
        boolean more = found.size() > most;
        List<StoredDecision> page = more ? found.subList(0, most) : found;
        return new Shown.Page(
                page.stream().map(Shown.Kept::of).toList(),
                more ? page.getLast().id() : null);
    }

    @POST
    @Path("{name}/pause")
    @Allow({OPERATOR, ADMIN})
    public Shown.Whole pause(@PathParam("name") String name, Body body, @Context Caller caller) {
        ServedTarget served = served(name);
        String reason = body.read(fields -> fields.requiredString("reason", LONGEST_REASON));
        served.target().pause(caller.toString(), reason);
        return Shown.Whole.of(served);
    }

    @POST
    @Path("{name}/resume")
    @Allow({OPERATOR, ADMIN})
    public Shown.Whole resume(@PathParam("name") String name, Body body, @Context Caller caller) {
        ServedTarget served = served(name);
        String reason = body.read(fields -> fields.requiredString("reason", LONGEST_REASON));
        served.target().resume(caller.toString(), reason);
        served.wake().run();
        return Shown.Whole.of(served);
    }

    private ServedTarget served(String name) {
        return targets.stream()
                .filter(served -> served.target().name().equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("there is no target of this name"));
    }

    private static long whole(String parameter, String text, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw ApiException.invalid(parameter, parameter + ": must be a whole number from 1 to " + most);
    }
}
