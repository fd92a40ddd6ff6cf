package io.weir.gce.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.weir.simulated.CloudJson;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compute's address. A request is held against the schema before anything looks at it, and the answer before it goes out. Every call is
 * noted, and shown to whoever watches before it is carried out and after.
 */
final class Door {
    /** Sees each call; whoever watches may end the caller at either moment. */
    interface Watch {
        Watch NONE = new Watch() {};

        /**
         * It has arrived, and nothing has come of it yet.
         *
         * @throws Silence nothing shall come of it
         */
        default void arrived(int number, String method) throws Silence {}

        /** It was carried out, refused or lost, and no answer has gone out yet. */
        default void carriedOut(int number, String method) {}
    }

    /** What goes back over the wire. */
    record Answer(int status, String type, String body) {
        static final String JSON = "application/json; charset=UTF-8";
    }

    record Request(
            String verb,
            String path,
            String query,
            @Nullable String authorization,
            String body) {}

    private final ComputeCloud cloud;
    private final InstantSource clock;
    private final Supplier<Access> access;
    private final Calls calls = new Calls();
    private volatile Watch watch = Watch.NONE;
    private int number;

    Door(ComputeCloud cloud, InstantSource clock, Supplier<Access> access) {
        this.cloud = cloud;
        this.clock = clock;
        this.access = access;
    }

    Calls calls() {
        return calls;
    }

    void watch(Watch newWatch) {
        watch = newWatch;
    }

    Answer answer(Request request) throws Silence {
        int mine = next();
        String method = Schema.COMPUTE.method(request.verb, request.path).orElse("none");
        Caller caller = new Caller(request.authorization);
        String outcome = "200";
        try {
            watch.arrived(mine, method);
            Schema.Call call = Schema.COMPUTE.call(request.verb, request.path, request.query, request.body);
            return new Answer(200, Answer.JSON, Schema.answer(call.route(), cloud.call(call, caller)));
        } catch (Refusal refusal) {
            outcome = refusal.reason;
            return refused(refusal);
        } catch (Silence silence) {
            outcome = String.valueOf(silence.getMessage());
            throw silence;
        } finally {
            calls.add(new Calls.Call(mine, clock.instant(), method, caller.name, outcome, List.copyOf(caller.needs)));
            watch.carriedOut(mine, method);
        }
    }

    private synchronized int next() {
        return ++number;
    }

    private static Answer refused(Refusal refusal) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("message", refusal.text());
        one.put("domain", refusal.domain);
        one.put("reason", refusal.reason);
        one.putAll(refusal.more);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", refusal.status);
        error.put("message", refusal.text());
        error.put("errors", List.of(one));
        refusal.word().ifPresent(word -> error.put("status", word));
        return json(refusal.status, Map.of("error", error));
    }

    static Answer json(int status, Object value) {
        try {
            return new Answer(status, Answer.JSON, CloudJson.STRICT.writeValueAsString(value));
        } catch (JsonProcessingException cannotBe) {
            throw new UncheckedIOException(cannotBe);
        }
    }

    /** The one who sent a request. */
    private final class Caller implements ComputeCloud.Caller {
        private final @Nullable String authorization;
        private final List<String> needs = new ArrayList<>();
        private String name = "nobody";
        private Access.@Nullable Caller known;

        Caller(@Nullable String authorization) {
            this.authorization = authorization;
        }

        @Override
        public String authenticate() throws Refusal {
            if (cloud.dials().unauthorized()) {
                throw Refusal.unauthenticated();
            }
            Access.Caller found = access.get().caller(authorization);
            known = found;
            name = found.name();
            return name;
        }

        @Override
        public void allow(Permissions.Need need) throws Refusal {
            needs.add(need.permission());
            if (known == null || !known.may(need.permission())) {
                throw Refusal.denied(need.permission(), need.resource());
            }
        }
    }
}
