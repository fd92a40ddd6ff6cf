package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cloud.RequestMeter;
import io.weir.openstack.nova.NovaFailure.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.core.transport.HttpMethod;
import org.openstack4j.core.transport.HttpRequest;
import org.openstack4j.core.transport.HttpResponse;
import org.openstack4j.core.transport.internal.HttpExecutor;

/**
 * One call to one service, on openstack4j's transport, catalog and token.
 *
 * <ol>
 *   <li>The microversion is the call's own; nothing is set for a session.
 *   <li>A token that is refused is renewed, and the call made once more: what was answered 401 was not done. Nothing else is repeated.
 *   <li>A listing is what has the array that it should have, in status 200; anything else is a failure, and never an empty list.
 *   <li>openstack4j keeps a session for each thread; none is used here, so no thread can meet another cloud's.
 * </ol>
 */
final class OpenstackCalls {
    private static final int PAGES_MAX = 10_000;
    private static final String MARKER = "marker";
    private static final String NOVA_VERSION = "compute 2.69";

    private final Login login;
    private final Wire wire;
    private final Map<String, String> addresses;
    private final RequestMeter requests;
    private final LongSupplier nanos;
    private final Deadline deadline;

    /** @param addresses of services, in place of the catalog's, by the words of {@link Service} */
    OpenstackCalls(
            Login login,
            Wire wire,
            Map<String, String> addresses,
            RequestMeter requests,
            LongSupplier nanos,
            Deadline deadline) {
        this.login = login;
        this.wire = wire;
        this.addresses = Map.copyOf(addresses);
        this.requests = requests;
        this.nanos = nanos;
        this.deadline = deadline;
    }

    OpenstackCalls until(Deadline other) {
        return new OpenstackCalls(login, wire, addresses, requests, nanos, other);
    }

    /** A request in the making. */
    final class Call {
        private final Service service;
        private final HttpMethod method;
        private final String path;
        private final String operation;
        private final List<Map.Entry<String, String>> query = new ArrayList<>();
        private @Nullable JsonNode body;

        private Call(Service service, HttpMethod method, String operation, Object... ids) {
            this.service = service;
            this.method = method;
            this.operation = method + " " + operation;
            this.path = ids.length == 0
                    ? operation
                    : operation.replace("{id}", "%s").formatted(ids);
        }

        Call with(String key, String value) {
            query.add(Map.entry(key, value));
            return this;
        }

        Call with(Map<String, String> more) {
            more.forEach(this::with);
            return this;
        }

        Call body(JsonNode json) {
            body = json;
            return this;
        }

        /** The answer, which has to be an object. */
        JsonNode object() throws NovaFailure {
            return read(answer());
        }

        private JsonNode read(HttpResponse answer) throws NovaFailure {
            JsonNode read;
            try {
                read = answer.readEntity(JsonNode.class);
            } catch (ResponseException garbled) {
                throw garbled(answer, "is not JSON");
            }
            if (read == null || !read.isObject()) {
                throw garbled(answer, "is no object");
            }
            return read;
        }

        private NovaFailure garbled(HttpResponse answer, String how) {
            return new NovaFailure(
                    Fate.GARBLED,
                    answer.getStatus(),
                    "",
                    operation + ": an answer of " + answer.getStatus() + " that " + how,
                    Optional.empty());
        }

        /** The answer's body is of no interest. */
        void done() throws NovaFailure {
            answer();
        }

        /** One page: its rows, and whether there is another one behind it. */
        Page page(String array) throws NovaFailure {
            HttpResponse answer = answer();
            JsonNode object = read(answer);
            JsonNode found = object.get(array);
            if (answer.getStatus() != 200 || found == null || !found.isArray()) {
                throw garbled(answer, "has no array \"" + array + "\"");
            }
            List<JsonNode> rows = new ArrayList<>();
            found.forEach(rows::add);
            return new Page(rows, hasNext(object, array));
        }

        /** Every row of every page. */
        List<JsonNode> rows(String array) throws NovaFailure {
            List<JsonNode> all = new ArrayList<>();
            for (int pages = 0; pages < PAGES_MAX; pages++) {
                Page page = page(array);
                all.addAll(page.rows());
                if (!page.more() || page.rows().isEmpty()) {
                    return all;
                }
                query.removeIf(entry -> entry.getKey().equals(MARKER));
                with(MARKER, page.rows().getLast().path("id").asText());
            }
            throw new NovaFailure(Fate.GARBLED, 200, "", operation + ": pages without an end", Optional.empty());
        }

        private HttpResponse answer() throws NovaFailure {
            Login.Session session = login.session(deadline);
            try {
                return send(session);
            } catch (NovaFailure failure) {
                if (failure.status() != 401) {
                    throw failure;
                }
                return send(login.renewed(session, deadline));
            }
        }

        private HttpResponse send(Login.Session session) throws NovaFailure {
            HttpRequest.RequestBuilder<JsonNode> request = HttpRequest.builder(JsonNode.class)
                    .endpoint(address(session))
                    .path(path)
                    .method(method)
                    .config(wire.config(deadline))
                    .header("X-Auth-Token", session.tokenId());
            if (service == Service.COMPUTE) {
                request.header("OpenStack-API-Version", NOVA_VERSION);
            }
            query.forEach(entry -> request.queryParam(entry.getKey(), entry.getValue()));
            if (body != null) {
                request.json(body.toString());
            }
            long began = nanos.getAsLong();
            String outcome = "failed";
            try {
                HttpResponse answer = HttpExecutor.create().execute(request.build());
                outcome = String.valueOf(answer.getStatus());
                return answer;
            } catch (ResponseException failed) {
                NovaFailure failure = Wire.failure(failed, operation);
                outcome = Wire.outcome(failure);
                throw failure;
            } finally {
                requests.requested(operation, outcome, Duration.ofNanos(nanos.getAsLong() - began));
            }
        }

        private String address(Login.Session session) throws NovaFailure {
            String given = addresses.get(service.word());
            return service.base(
                    given != null
                            ? given
                            : session.address(service)
                                    .orElseThrow(() -> new NovaFailure(
                                            Fate.NOT_SENT,
                                            0,
                                            "",
                                            "the catalog has no "
                                                    + session.account().face() + " address of a "
                                                    + service.word() + " service in region "
                                                    + session.account().region(),
                                            Optional.empty())));
        }
    }

    record Page(List<JsonNode> rows, boolean more) {}

    /** @param operation the path, {@code {id}} for each id */
    Call get(Service service, String operation, Object... ids) {
        return new Call(service, HttpMethod.GET, operation, ids);
    }

    Call post(Service service, String operation, Object... ids) {
        return new Call(service, HttpMethod.POST, operation, ids);
    }

    Call put(Service service, String operation, Object... ids) {
        return new Call(service, HttpMethod.PUT, operation, ids);
    }

    Call delete(Service service, String operation, Object... ids) {
        return new Call(service, HttpMethod.DELETE, operation, ids);
    }

    /** Whether the catalog has the service, or we were told where it is. */
    boolean has(Service service) throws NovaFailure {
        return addresses.containsKey(service.word())
                || session().address(service).isPresent();
    }

    Login.Session session() throws NovaFailure {
        return login.session(deadline);
    }

    /** Nova and Cinder say {@code servers_links: [{rel: next}]}, Glance {@code next: "/v2/…"}. */
    private static boolean hasNext(JsonNode object, String array) {
        for (JsonNode link : object.path(array + "_links")) {
            if (link.path("rel").asText().equals("next")) {
                return true;
            }
        }
        return object.path("next").isTextual();
    }
}
