package io.weir.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.AUTOSCALER;
import static io.weir.certs.Role.MONITOR;
import static io.weir.certs.Role.OPERATOR;
import static io.weir.certs.Role.VIEWER;
import static io.weir.http.Asking.by;

import io.weir.api.EventsPage;
import io.weir.api.MachineDetail;
import io.weir.api.MachinePool;
import io.weir.api.PoolStatus;
import io.weir.certs.Role;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.ServiceState;
import io.weir.reconcile.MachineView;
import io.weir.reconcile.Pool;
import io.weir.reconcile.PoolView;
import io.weir.reconcile.Pools;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.Body;
import io.weir.service.json.BodyLimit;
import io.weir.service.json.WireJson;
import io.weir.store.Store.StoredEvent;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything below one base URL: the published paths of both versions, and Weir's own beside them. Each is written once here;
 * {@link DefaultPool} and {@link NamedPool} say where a base is.
 *
 * <ol>
 *   <li>Roles are decided before the body is read, and before it is said whether there is such a pool.
 *   <li>A stopped pool answers {@code /config}, {@code /status}, {@code /start} and its own document; everything else is 400.
 *   <li>A change is durable when it is answered, and the next GET shows it. A refusal changed nothing.
 *   <li>Reads are of the last picture of the pool, never of the cloud; one that is too old is 502.
 * </ol>
 */
@Produces(MediaType.APPLICATION_JSON)
public abstract class PoolPaths {
    private static final int EVENTS = 100;
    private static final int MOST_EVENTS = 1000;
    private static final int EVENTS_OF_A_MACHINE = 1000;

    final Pools pools;
    final PoolName name;
    final Documents documents;

    PoolPaths(Pools pools, PoolName name, Documents documents) {
        this.pools = pools;
        this.name = name;
        this.documents = documents;
    }

    /** What is said where there is no such pool. */
    abstract ApiException missing();

    @GET
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public Response view(@Context Caller caller) {
        PoolView view = any().view();
        return Response.ok(Wire.pool(view, document(view, caller)))
                .header("ETag", Tags.of(view.declared().revision()))
                .build();
    }

    // Version 2.0 and 5.0 together

    @GET
    @Path("pool")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public MachinePool machines() {
        PoolView view = started().view();
        return Wire.machines(view, fresh(view));
    }

    /** An autoscaler that the pool's document does not list is refused here, before its body is read. */
    @Path("pool/size")
    public SizePaths size(@Context Caller caller, @Context Request request) {
        if (caller.role() == Role.AUTOSCALER && request.getMethod().equals("POST")) {
            List<String> listed = pools.find(name)
                    .map(pool -> pool.view().declared().document().autoscalers())
                    .orElse(List.of());
            if (!listed.isEmpty() && !listed.contains(caller.name())) {
                throw new ApiException(
                        ErrorCode.FORBIDDEN,
                        "the autoscaler " + caller.name() + " may not set the size of this pool",
                        "its document lists those that may in \"autoscalers\"");
            }
        }
        return new SizePaths(this);
    }

    @DELETE
    @Path("size-hold")
    @Allow({OPERATOR, ADMIN})
    public Response endHold(@Context Caller caller) {
        return done(() -> started().endHold(by(caller)));
    }

    // Version 2.0

    @POST
    @Path("pool/{machineId}/terminate")
    @Allow({OPERATOR, ADMIN})
    public Response terminate(@PathParam("machineId") String machine, Body body, @Context Caller caller) {
        boolean decrement = body.read(Asked::decrement);
        return done(Refused.TWO, () -> started().terminate(machine, decrement, by(caller)));
    }

    @POST
    @Path("pool/{machineId}/detach")
    @Allow({OPERATOR, ADMIN})
    public Response detach(@PathParam("machineId") String machine, Body body, @Context Caller caller) {
        boolean decrement = body.read(Asked::decrement);
        return done(Refused.TWO, () -> started().detach(machine, decrement, by(caller)));
    }

    @POST
    @Path("pool/{machineId}/attach")
    @Allow({OPERATOR, ADMIN})
    public Response attach(@PathParam("machineId") String machine, @Context Caller caller) {
        return done(Refused.TWO, () -> started().attach(machine, by(caller)));
    }

    @POST
    @Path("pool/{machineId}/serviceState")
    @Allow({MONITOR, OPERATOR, ADMIN})
    public Response serviceState(@PathParam("machineId") String machine, Body body, @Context Caller caller) {
        ServiceState state = body.read(Asked::serviceState);
        if (state == ServiceState.OUT_OF_SERVICE && caller.role() == Role.MONITOR) {
            throw new ApiException(
                    ErrorCode.FORBIDDEN,
                    "the role monitor may not take a machine out of service: it would be replaced",
                    "it is for operator, admin; a mere mark is POST {base}/pool/serviceState");
        }
        return done(Refused.TWO, () -> started().setServiceState(machine, state, true, by(caller)));
    }

    // Version 5.0

    @POST
    @Path("pool/terminate")
    @Allow({OPERATOR, ADMIN})
    public Response terminate(Body body, @Context Caller caller) {
        Asked.Leaving asked = body.read(Asked.Leaving::of);
        return done(Refused.FIVE, () -> started().terminate(asked.machine(), asked.decrement(), by(caller)));
    }

    @POST
    @Path("pool/detach")
    @Allow({OPERATOR, ADMIN})
    public Response detach(Body body, @Context Caller caller) {
        Asked.Leaving asked = body.read(Asked.Leaving::of);
        return done(Refused.FIVE, () -> started().detach(asked.machine(), asked.decrement(), by(caller)));
    }

    @POST
    @Path("pool/attach")
    @Allow({OPERATOR, ADMIN})
    public Response attach(Body body, @Context Caller caller) {
        String machine = body.read(Asked::machine);
        return done(Refused.FIVE, () -> started().attach(machine, by(caller)));
    }

    @POST
    @Path("pool/serviceState")
    @Allow({MONITOR, OPERATOR, ADMIN})
    public Response serviceState(Body body, @Context Caller caller) {
        Asked.Service asked = body.read(Asked.Service::of);
        return done(Refused.FIVE, () -> started().setServiceState(asked.machine(), asked.state(), false, by(caller)));
    }

    @POST
    @Path("pool/membershipStatus")
    @Allow({OPERATOR, ADMIN})
    public Response membershipStatus(Body body, @Context Caller caller) {
        Asked.Membership asked = body.read(Asked.Membership::of);
        return done(Refused.FIVE, () -> started().setMembership(asked.machine(), asked.status(), by(caller)));
    }

    @GET
    @Path("config")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public Response config(@Context Caller caller) {
        PoolView view = pools.find(name)
                .orElseThrow(() -> ApiException.notFound("there is no document of a pool " + name))
                .view();
        return Response.ok(document(view, caller))
                .header("ETag", Tags.of(view.declared().revision()))
                .build();
    }

    @POST
    @Path("config")
    @BodyLimit(BodyLimit.POOL_DOCUMENT)
    @Allow(ADMIN)
    public Response configure(Body body, @Context Caller caller, @HeaderParam("If-Match") @Nullable String ifMatch) {
        PoolDocument document = body.read(documents::read);
        OptionalLong expected = Tags.expected(ifMatch);
        long revision = Refused.FIVE.unless(() -> configure(document, expected, caller));
        return Response.ok().header("ETag", Tags.of(revision)).build();
    }

    /** A document for a pool that there is. */
    long configure(PoolDocument document, OptionalLong expected, Caller caller) {
        return any().replaceDocument(document, expected, by(caller));
    }

    @GET
    @Path("status")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public PoolStatus status() {
        return statusNow();
    }

    PoolStatus statusNow() {
        return new PoolStatus(any().view().started(), true);
    }

    @POST
    @Path("start")
    @Allow({OPERATOR, ADMIN})
    public Response start(@Context Caller caller) {
        return done(() -> any().start(by(caller)));
    }

    @POST
    @Path("stop")
    @Allow({OPERATOR, ADMIN})
    public Response stop(@Context Caller caller) {
        return done(() -> any().stop(by(caller)));
    }

    // Weir's own

    @POST
    @Path("freeze")
    @Allow({OPERATOR, ADMIN})
    public Response freeze(Body body, @Context Caller caller) {
        String reason = body.read(Asked::reason);
        return done(() -> started().freeze(reason, by(caller)));
    }

    @POST
    @Path("unfreeze")
    @Allow({OPERATOR, ADMIN})
    public Response unfreeze(Body body, @Context Caller caller) {
        String reason = body.read(Asked::reason);
        return done(() -> started().unfreeze(reason, by(caller)));
    }

    @POST
    @Path("adopt")
    @Allow({OPERATOR, ADMIN})
    public Response adopt(@Context Caller caller) {
        return done(() -> started().adopt(by(caller)));
    }

    @POST
    @Path("breaker/reset")
    @Allow({OPERATOR, ADMIN})
    public Response resetBreaker(@Context Caller caller) {
        return done(() -> started().resetBreaker(by(caller)));
    }

    @POST
    @Path("scopes/{scope}/lost")
    @Allow({OPERATOR, ADMIN})
    public Response scopeLost(@PathParam("scope") String scope, @Context Caller caller) {
        return done(() -> started().scopeLost(new Scope(scope), by(caller)));
    }

    @GET
    @Path("machines/{machineId}")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public MachineDetail machine(@PathParam("machineId") String id) {
        Pool pool = started();
        PoolView view = pool.view();
        fresh(view);
        MachineView machine = view.machines().stream()
                .filter(one -> one.id().equals(id) || one.name().equals(Optional.of(id)))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("the pool " + name + " has no such machine"));
        return new MachineDetail(
                Wire.machine(machine),
                machine.name().orElse(null),
                machine.zone(),
                machine.unreachable().orElse(null),
                machine.note().orElse(null),
                pool.events(0, EVENTS_OF_A_MACHINE, Optional.empty(), Optional.of(machine.id())).stream()
                        .map(Wire::event)
                        .toList());
    }

    @GET
    @Path("events")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public EventsPage events(
            @QueryParam("after") @Nullable String after,
            @QueryParam("last") @Nullable String last,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("machine") @Nullable String machine) {
        if (last != null) {
            if (after != null || limit != null || kind != null || machine != null) {
                throw ApiException.invalid(
                        "last", "last: stands alone; after, limit, kind and machine go on from a cursor");
            }
            return page(started().latest((int) number("last", last, 1, MOST_EVENTS, EVENTS)), 0);
        }
        long cursor = number("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) number("limit", limit, 1, MOST_EVENTS, EVENTS);
        return page(started().events(cursor, most, Optional.ofNullable(kind), Optional.ofNullable(machine)), cursor);
    }

    private static EventsPage page(List<StoredEvent> stored, long cursor) {
        long next = stored.isEmpty() ? cursor : stored.getLast().cursor();
        return new EventsPage(stored.stream().map(Wire::event).toList(), Long.toString(next));
    }

    // What the paths share

    final Pool any() {
        return pools.find(name).orElseThrow(this::missing);
    }

    final Pool started() {
        Pool pool = any();
        if (!pool.view().started()) {
            throw new ApiException(
                    ErrorCode.STOPPED,
                    "the pool " + name + " is stopped",
                    "POST " + Wire.base(name) + "/start starts it");
        }
        return pool;
    }

    /** When the cloud was observed, unless that is too long ago to be shown. */
    static Instant fresh(PoolView view) {
        Instant seen = view.observedAt()
                .orElseThrow(() -> new ApiException(
                        ErrorCode.CLOUD_FAILURE, "the cloud was not observed yet", "the first listing is still due"));
        return known(view, seen);
    }

    static <T> T known(PoolView view, T value) {
        if (view.stale()) {
            throw new ApiException(
                    ErrorCode.CLOUD_FAILURE,
                    "the cloud was last observed at "
                            + view.observedAt().map(WireJson::time).orElse("no time"),
                    "it does not answer; what is older is not shown");
        }
        return value;
    }

    final Map<String, Object> document(PoolView view, Caller caller) {
        return documents.write(view.declared().document(), caller.role() == Role.ADMIN);
    }

    static Response done(Runnable call) {
        return done(Refused.FIVE, call);
    }

    static Response done(Refused refused, Runnable call) {
        refused.unless(call);
        return Response.ok().build();
    }

    private static long number(String name, @Nullable String text, long min, long max, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw ApiException.invalid(name, name + ": must be a whole number from " + min + " to " + max);
    }
}
