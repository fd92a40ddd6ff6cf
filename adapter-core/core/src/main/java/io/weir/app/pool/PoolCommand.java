package io.weir.app.pool;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.OPERATOR;
import static io.weir.certs.Role.VIEWER;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.api.AttachMachine;
import io.weir.api.DetachMachine;
import io.weir.api.EventsPage;
import io.weir.api.MachineDetail;
import io.weir.api.MachinePool;
import io.weir.api.MembershipStatus;
import io.weir.api.PoolList;
import io.weir.api.PoolSize;
import io.weir.api.PoolView;
import io.weir.api.ReasonRequest;
import io.weir.api.SetDesiredSize;
import io.weir.api.SetMembershipStatus;
import io.weir.api.SetServiceState;
import io.weir.api.TerminateMachine;
import io.weir.api.client.WireJson;
import io.weir.service.error.ApiException;
import io.weir.service.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir pool}: one sub-command for each call of the API. */
@Command(
        name = "pool",
        mixinStandardHelpOptions = true,
        description = "Looks at the pools of an adapter and tells them what to do.",
        footer = {
            "",
            "Exit codes: 0 done, 1 refused (why is on standard error), 2 wrongly called, 3 not reachable,",
            "4 no certain answer: it may have happened, and may be repeated.",
            "",
            "With a local \"weir adapter simulated\" nothing need be told but what to do:",
            "  weir pool size 5 --reason \"before the sale\"",
            "  weir pool machines"
        })
public final class PoolCommand implements Callable<Integer> {
    private static final String DEFAULT_HOLD = "15";
    private static final ObjectMapper JSON = WireJson.mapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private PoolCommand() {}

    /** The command with all below it, ready to stand alone or to be hung below a root. */
    public static CommandLine commandLine() {
        return new CommandLine(new PoolCommand());
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do, as in: weir pool list");
    }

    @Command(mixinStandardHelpOptions = true, description = "All pools of the adapter.")
    int list(@Mixin Adapter adapter) {
        return adapter.show(VIEWER, "/pools", PoolList.class, Shown::pools);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "One pool: its size, what stands in its way, its last decision.")
    int get(@Mixin Adapter adapter) {
        return adapter.show(VIEWER, adapter.pool(), PoolView.class, Shown::pool);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Shows the size, or sets it and holds it against autoscalers for a while.")
    int size(
            @Mixin Adapter adapter,
            @Parameters(arity = "0..1", paramLabel = "N", description = "The size to set.") @Nullable Integer size,
            @Option(
                            names = "--hold",
                            paramLabel = "MIN",
                            defaultValue = DEFAULT_HOLD,
                            description =
                                    "For how many minutes no autoscaler may change it; 0: not at all (default: ${DEFAULT-VALUE}).")
                    int minutes,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the size.") @Nullable
                    String reason) {
        String path = adapter.pool() + "/pool/size";
        if (size == null) {
            return adapter.show(VIEWER, path, PoolSize.class, Shown::size);
        }
        Integer hold = minutes == 0 ? null : minutes;
        String done = "size " + size + (hold == null ? "" : ", held for " + hold + " min");
        return adapter.change(OPERATOR, "POST", path, new SetDesiredSize(size, reason, hold), done);
    }

    @Command(mixinStandardHelpOptions = true, description = "Lets autoscalers set the size again at once.")
    int release(@Mixin Adapter adapter) {
        return adapter.change(OPERATOR, "DELETE", adapter.pool() + "/size-hold", null, "released");
    }

    @Command(mixinStandardHelpOptions = true, description = "The machines of the pool, or everything about one.")
    int machines(
            @Mixin Adapter adapter,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "A machine's id or name.") @Nullable
                    String id) {
        return id == null
                ? adapter.show(VIEWER, adapter.pool() + "/pool", MachinePool.class, Shown::machines)
                : adapter.show(
                        VIEWER,
                        adapter.pool() + "/machines/" + Adapter.segment(id),
                        MachineDetail.class,
                        Shown::machine);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Ends a machine; it is replaced unless the size shrinks with it.")
    int terminate(@Mixin Adapter adapter, @Parameters(paramLabel = "ID") String id, @Mixin Shrink shrink) {
        var body = new TerminateMachine(id, shrink.decrement);
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/pool/terminate", body, "terminating " + id);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Lets a machine run on without the pool; it is replaced unless the size shrinks with it.")
    int detach(@Mixin Adapter adapter, @Parameters(paramLabel = "ID") String id, @Mixin Shrink shrink) {
        var body = new DetachMachine(id, shrink.decrement);
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/pool/detach", body, "detached " + id);
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes a running machine a member; the size grows with it.")
    int attach(@Mixin Adapter adapter, @Parameters(paramLabel = "ID") String id) {
        return adapter.change(
                OPERATOR, "POST", adapter.pool() + "/pool/attach", new AttachMachine(id), "attached " + id);
    }

    @Command(
            name = "service-state",
            mixinStandardHelpOptions = true,
            description = "Tells how the service on a machine does.")
    int serviceState(
            @Mixin Adapter adapter,
            @Parameters(paramLabel = "ID") String id,
            @Parameters(
                            paramLabel = "STATE",
                            description = "BOOTING, IN_SERVICE, UNHEALTHY, OUT_OF_SERVICE or UNKNOWN.")
                    String state,
            @Option(
                            names = "--replace",
                            description =
                                    "As version 2.0 has it: OUT_OF_SERVICE takes the machine out of the count and replaces it.")
                    boolean replace) {
        String path = adapter.pool() + "/pool/" + (replace ? Adapter.segment(id) + "/" : "") + "serviceState";
        var body = new SetServiceState(replace ? null : id, state);
        return adapter.change(OPERATOR, "POST", path, body, id + " is " + state);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Tells whether a machine counts and whether it may be terminated.")
    int membership(
            @Mixin Adapter adapter,
            @Parameters(paramLabel = "ID") String id,
            @Parameters(
                            paramLabel = "STATUS",
                            description = "default, blessed (never terminated), awaiting-service (replaced and kept) or"
                                    + " disposable (replaced and terminated).")
                    String status) {
        MembershipStatus told =
                switch (status) {
                    case "default" -> new MembershipStatus(true, true);
                    case "blessed" -> new MembershipStatus(true, false);
                    case "awaiting-service" -> new MembershipStatus(false, false);
                    case "disposable" -> new MembershipStatus(false, true);
                    default ->
                        throw new ParameterException(
                                spec.commandLine(),
                                "\"" + status
                                        + "\" is no membership: say default, blessed, awaiting-service or disposable");
                };
        var body = new SetMembershipStatus(id, told);
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/pool/membershipStatus", body, id + " is " + status);
    }

    @Command(mixinStandardHelpOptions = true, description = "Lets a stopped pool act again.")
    int start(@Mixin Adapter adapter) {
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/start", null, "started");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Stops a pool, also over restarts: it neither acts nor answers.")
    int stop(@Mixin Adapter adapter) {
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/stop", null, "stopped");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Stops every effect of a pool, or of all; sizes are still recorded.")
    int freeze(@Mixin Adapter adapter, @Mixin Why why) {
        return adapter.change(OPERATOR, "POST", why.base(adapter) + "/freeze", why.body(), "frozen");
    }

    @Command(mixinStandardHelpOptions = true, description = "Lets a frozen pool act again, or all of them.")
    int unfreeze(@Mixin Adapter adapter, @Mixin Why why) {
        return adapter.change(OPERATOR, "POST", why.base(adapter) + "/unfreeze", why.body(), "unfrozen");
    }

    @Command(mixinStandardHelpOptions = true, description = "Takes over machines that bear another store's id.")
    int adopt(@Mixin Adapter adapter) {
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/adopt", null, "adopting");
    }

    @Command(
            name = "breaker-reset",
            mixinStandardHelpOptions = true,
            description = "Launches again at once after the breaker opened.")
    int breakerReset(@Mixin Adapter adapter) {
        return adapter.change(OPERATOR, "POST", adapter.pool() + "/breaker/reset", null, "reset");
    }

    @Command(
            name = "scope-lost",
            mixinStandardHelpOptions = true,
            description = "Declares the machines of a dark zone dead.")
    int scopeLost(@Mixin Adapter adapter, @Parameters(paramLabel = "SCOPE") String scope) {
        String path = adapter.pool() + "/scopes/" + Adapter.segment(scope) + "/lost";
        return adapter.change(OPERATOR, "POST", path, null, scope + " is lost");
    }

    @Command(mixinStandardHelpOptions = true, description = "What happened to the pool, and why.")
    int events(
            @Mixin Adapter adapter,
            @Option(
                            names = "--last",
                            paramLabel = "N",
                            defaultValue = "20",
                            description =
                                    "The last so many (default: ${DEFAULT-VALUE}), unless one of the others is told.")
                    int last,
            @Option(names = "--after", paramLabel = "EVENT", description = "Only what came after this one.") @Nullable
                    Long after,
            @Option(names = "--limit", paramLabel = "N", description = "At most so many after it (default: 100).")
                    @Nullable
                    Integer limit,
            @Option(names = "--kind", paramLabel = "WORD", description = "Only kinds that begin so, as in machine.")
                    @Nullable
                    String kind,
            @Option(names = "--machine", paramLabel = "ID", description = "Only what is about this machine.") @Nullable
                    String machine) {
        List<String> asked = new ArrayList<>();
        ask(asked, "after", after);
        ask(asked, "limit", limit);
        ask(asked, "kind", kind);
        ask(asked, "machine", machine);
        if (asked.isEmpty()) {
            ask(asked, "last", last);
        }
        return adapter.show(
                VIEWER,
                adapter.pool() + "/events?" + String.join("&", asked),
                EventsPage.class,
                page -> Shown.events(page.events()));
    }

    private static void ask(List<String> query, String name, @Nullable Object value) {
        if (value != null) {
            query.add(name + "=" + Adapter.segment(value.toString()));
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "The pool's document: what was declared of it.",
            subcommands = {})
    int document(
            @Mixin Adapter adapter,
            @Parameters(
                            index = "0",
                            paramLabel = "get|put",
                            description = "get prints it, put makes or replaces the pool.")
                    String what,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "FILE",
                            description = "For put: YAML or JSON; - is standard input.")
                    @Nullable
                    Path file,
            @Option(names = "--if-match", paramLabel = "REVISION", description = "For put: only over this revision.")
                    @Nullable
                    Long revision,
            @Option(names = "--new", description = "For put: only if there is no such pool.") boolean isNew) {
        if (what.equals("get")) {
            return adapter.show(ADMIN, adapter.pool() + "/config", JsonNode.class, PoolCommand::pretty);
        }
        if (!what.equals("put") || file == null) {
            throw new ParameterException(
                    spec.commandLine(), "say: weir pool document get, or: weir pool document put FILE");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (revision != null) {
            headers.put("If-Match", "\"" + revision + "\"");
        }
        if (isNew) {
            headers.put("If-None-Match", "*");
        }
        return adapter.change(ADMIN, "PUT", adapter.pool(), headers, read(file), "the document is in force");
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes a pool.")
    int delete(
            @Mixin Adapter adapter,
            @Option(
                            names = "--machines",
                            paramLabel = "terminate|release",
                            description = "What becomes of its machines; without it a pool with machines stays.")
                    @Nullable
                    String machines) {
        String query = machines == null ? "" : "?machines=" + Adapter.segment(machines);
        return adapter.change(ADMIN, "DELETE", adapter.pool() + query, null, "removed");
    }

    /** Whether the size shrinks with the machine. */
    static final class Shrink {
        @Option(names = "--decrement", description = "The size shrinks with it; else it is replaced.")
        private boolean decrement;
    }

    /** Why, and whether for one pool or all. */
    static final class Why {
        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; told with the event.")
        private String reason = "";

        @Option(names = "--fleet", description = "All pools of the adapter.")
        private boolean fleet;

        ReasonRequest body() {
            return new ReasonRequest(reason);
        }

        String base(Adapter adapter) {
            return fleet ? "/fleet" : adapter.pool();
        }
    }

    private static List<String> pretty(JsonNode document) {
        try {
            return List.of(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** JSON is YAML too, so one reader is enough; it refuses what is ambiguous. */
    private JsonNode read(Path file) {
        try {
            byte[] bytes = file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
            return StrictJson.yaml(bytes);
        } catch (IOException | ApiException unreadable) {
            throw new ParameterException(
                    spec.commandLine(), file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
