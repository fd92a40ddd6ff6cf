package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.openstack.fake.FakeDials.Death;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Server;
import io.weir.openstack.fake.Verdict.Leftovers;
import io.weir.openstack.fake.Verdict.Walk;
import io.weir.openstack.recorded.Access;
import io.weir.simulated.Dice;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole of it: five services, each at a port of its own on the loopback, over one state.
 *
 * <ol>
 *   <li>Every call is counted at the socket by its kind, also one that is lost on the way.
 *   <li>What is due by the clock happens before a call is looked at, in the order of its time; then the call, whole; then its answer.
 *   <li>A lost call is a closed connection. A late one is closed too, and carried out when its time comes, or just before the same call
 *       when that comes again: whoever looked between the two saw nothing of it.
 *   <li>A service that is down has no port: a connection is refused.
 *   <li>One call can be held, before or after it is carried out, for as long as somebody wants to do something to the caller.
 * </ol>
 */
public final class FakeOpenStack implements AutoCloseable {
    /** When nothing else is said, for clocks that are moved by hand. */
    public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00.500Z");

    private static final Logger LOG = LoggerFactory.getLogger(FakeOpenStack.class);
    private static final int BODY_MAX = 1024 * 1024;

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final InstantSource clock;
    private final Executor threads;
    private final Site site;
    private final Keystone keystone;
    private final Nova nova;
    private final Glance glance;
    private final Neutron neutron;
    private final Cinder cinder;

    private final Map<Service, HttpServer> doors = new EnumMap<>(Service.class);
    private final Map<String, Integer> calls = new TreeMap<>();
    private final Map<String, Instant> walking = new HashMap<>();
    private final List<Walk> walks = new ArrayList<>();
    private final WireFault.InForce wire = new WireFault.InForce();
    private final PriorityQueue<Late> late = new PriorityQueue<>(java.util.Comparator.comparing(Late::due));
    private final List<Request> untilRepeated = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private int count;
    private @Nullable Hold hold;
    private boolean held;
    private boolean drops;

    private volatile Watch watch = Watch.NONE;

    /** Sees each call, by its number. */
    public interface Watch {
        Watch NONE = new Watch() {};

        /** It has arrived; false: nothing shall come of it. */
        default boolean arrives(int number) {
            return true;
        }

        /** It was carried out or refused, and no answer has gone out yet. */
        default void carriedOut(int number) {}
    }

    private record Late(Instant due, Request request) {}

    /** @param after it was carried out, and only its answer is missing */
    record Hold(int call, boolean after) {}

    private FakeOpenStack(InstantSource clock, long seed, FakeDials dials, Executor threads, Books books) {
        this.clock = clock;
        this.threads = threads;
        site = new Site(new Dice(seed), books, dials, clock.instant());
        if (books.last().isAfter(Instant.MIN)) {
            site.now = books.last(); // what was due while it slept happens when it was due
        }
        keystone = new Keystone(site);
        neutron = new Neutron(site);
        cinder = new Cinder(site);
        glance = new Glance(site);
        nova = new Nova(site, neutron, cinder);
        site.turn(dials);
        for (String[] key : new String[][] {{"demo", "demo-key"}, {"other", "pin-key"}}) {
            Catalog.Person person = site.catalog.person(key[0]).orElseThrow();
            if (!books.keys.containsKey(person.id() + " " + key[1])) {
                nova.key(person.id(), person.project(), key[1]);
            }
        }
    }

    /** One that forgets. */
    public static FakeOpenStack start(InstantSource clock, long seed, FakeDials dials, Executor threads) {
        FakeOpenStack fake = new FakeOpenStack(clock, seed, dials, threads, Books.inMemory());
        fake.open(Map.of());
        return fake;
    }

    /**
     * One that goes on from its books.
     *
     * @param seed the same again: who and what is there from the beginning follows from it
     * @param ports where its services were; absent: anywhere
     */
    public static FakeOpenStack start(
            InstantSource clock, long seed, FakeDials dials, Executor threads, Path books, Map<String, Integer> ports)
            throws IOException {
        FakeOpenStack fake = new FakeOpenStack(clock, seed, dials, threads, Books.on(books));
        fake.open(ports);
        return fake;
    }

    private synchronized void open(Map<String, Integer> ports) {
        for (Service service : Service.values()) {
            open(service, ports.getOrDefault(service.type, 0));
        }
        site.books.flush();
    }

    private void open(Service service, int port) {
        try {
            HttpServer door = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1024);
            door.setExecutor(threads);
            door.createContext("/", exchange -> serve(service, exchange));
            door.start();
            doors.put(service, door);
            site.urls.put(
                    service, URI.create("http://127.0.0.1:" + door.getAddress().getPort() + service.prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(service + " cannot listen", e);
        }
    }

    @Override
    public void close() {
        doors.values().forEach(door -> door.stop(0));
        synchronized (this) {
            hold = null;
            notifyAll();
            site.books.flush();
            site.books.close();
        }
    }

    // For those who use it

    public synchronized URI url(String type) {
        return Objects.requireNonNull(site.urls.get(service(type)));
    }

    private static Service service(String type) {
        for (Service service : Service.values()) {
            if (service.type.equals(type)) {
                return service;
            }
        }
        throw new IllegalArgumentException("there is no " + type);
    }

    /** Where its services are, by their types. */
    public synchronized Map<String, Integer> ports() {
        Map<String, Integer> ports = new TreeMap<>();
        site.urls.forEach((service, url) -> ports.put(service.type, url.getPort()));
        return ports;
    }

    public String authUrl() {
        return url("identity").toString();
    }

    /** Somebody with a project of the same name: demo, other, or admin. */
    public Access.Person person(String name) {
        return new Access.Person(name, name + "-secret", name);
    }

    public String project(String name) {
        return site.catalog.person(name).orElseThrow().project();
    }

    public Access access(String user) {
        return new Access(authUrl(), person(user), person("admin"), new Faults());
    }

    /** The test bed's faults, as failures of the dials. */
    private final class Faults implements Access.Faults {
        @Override
        public void begin(String fault, double seconds, String part) {
            turn(dials -> {
                List<FakeDials.Failure> failures = new ArrayList<>(dials.failures);
                failures.add(new FakeDials.Failure(what(fault), 1, seconds, part));
                dials.failures = failures;
            });
        }

        @Override
        public void end(String fault) {
            turn(dials -> dials.failures = dials.failures.stream()
                    .filter(failure -> failure.what() != what(fault))
                    .toList());
        }

        private FakeDials.What what(String fault) {
            return FakeDials.What.valueOf(fault.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    public synchronized void turn(Consumer<FakeDials> how) {
        settle();
        FakeDials turned = Books.JSON.convertValue(site.dials, FakeDials.class);
        how.accept(turned);
        site.turn(turned);
    }

    /** These faults happen to calls, besides those that do already. */
    public synchronized void fault(WireFault fault) {
        wire.add(fault);
    }

    public synchronized void calm() {
        wire.clear();
        site.turn(new FakeDials());
    }

    /** Ends every fault of the way; the dials stay. */
    public synchronized void calmWire() {
        wire.clear();
    }

    /** Another password from now on, and no token holds any more. */
    public synchronized void revoke(String person, String password) {
        settle();
        site.catalog.changePassword(person, password);
        keystone.end(person);
    }

    /** All tokens of somebody are revoked. */
    public synchronized void endTokens(String person) {
        settle();
        keystone.end(person);
    }

    /** Ends all listening of a service; calls to it are refused by the machine. */
    public synchronized void stop(String type) {
        Objects.requireNonNull(doors.get(service(type))).stop(0);
    }

    public synchronized void restart(String type) {
        Service service = service(type);
        open(service, url(type).getPort());
    }

    public synchronized String addImage(String name, Map<String, String> properties) {
        settle();
        String id = site.uuid();
        site.catalog.images.add(new Catalog.Image(id, name, "active", "public", 0, 0, properties, List.of(), site.now));
        return id;
    }

    public synchronized void forgetImages() {
        site.catalog.images.clear();
    }

    /** How many calls of each kind came in. */
    public synchronized Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    public synchronized int count() {
        return count;
    }

    public synchronized void forgetCalls() {
        calls.clear();
        count = 0;
    }

    /** Whole listings, by when they began and ended. */
    public synchronized List<Walk> walks() {
        return List.copyOf(walks);
    }

    /** The refusals that it gave, in the order of time. */
    public synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    public synchronized List<LedgerLine> ledger() {
        settle();
        return site.books.servers.values().stream()
                .map(server -> Verdict.line(server, site.catalog))
                .toList();
    }

    public synchronized Leftovers leftovers(String person, Set<String> members) {
        settle();
        return Verdict.leftovers(site.books, project(person), members);
    }

    /** Launches a server of nobody's pool, past the API. */
    public synchronized String launch(String person, String name, Map<String, String> metadata) {
        settle();
        Catalog.Person owner = site.catalog.person(person).orElseThrow();
        Server server = new Server();
        server.id = site.uuid();
        server.project = owner.project();
        server.user = owner.id();
        server.name = name;
        server.hostname = name;
        server.flavor = "1";
        server.image = site.catalog.images.isEmpty()
                ? null
                : site.catalog.images.get(0).id();
        server.metadata = new java.util.LinkedHashMap<>(metadata);
        server.created = site.now;
        server.pools.add(
                new io.weir.simulated.SimulatedApi.Membership(site.now, metadata.get(io.weir.pool.Marks.POOL_TAG)));
        site.books.plan(server, site.now, Servers.SCHEDULE, 0);
        site.books.write(server, site.now);
        settle();
        return server.id;
    }

    private Server server(String id) {
        return Objects.requireNonNull(site.books.servers.get(id), id);
    }

    /** A server dies by itself. */
    public synchronized void kill(String id, Death death) {
        settle();
        nova.servers.die(server(id), death);
        site.books.flush();
    }

    public synchronized void lock(String id) {
        settle();
        Server server = server(id);
        server.locked = true;
        site.books.write(server, site.now);
    }

    /** Somebody edits a server's metadata, past all rules. */
    public synchronized void writeMetadata(String id, Map<String, String> values) {
        settle();
        nova.writeMetadata(server(id), values);
        site.books.flush();
    }

    /** A status that nobody knows, or one that nothing here leads to. */
    public synchronized void say(String id, String status) {
        Server server = server(id);
        server.word = status;
        site.books.write(server, site.now);
    }

    public void watch(Watch newWatch) {
        watch = newWatch;
    }

    /** The call of this number is held until it is let go. */
    public synchronized void hold(int call, boolean after) {
        hold = new Hold(call, after);
        held = false;
    }

    public synchronized boolean isHeld() {
        return held;
    }

    /** What was held goes on. */
    public void letGo() {
        letGo(false);
    }

    /** @param drop it goes no further: it never arrived, or its answer does not */
    public synchronized void letGo(boolean drop) {
        hold = null;
        held = false;
        drops = drop;
        notifyAll();
    }

    // Calls

    private void serve(Service service, HttpExchange exchange) {
        try (exchange) {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            Request request = Request.of(
                    service,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestURI().getRawQuery(),
                    headers,
                    exchange.getRequestBody().readNBytes(BODY_MAX));
            serve(request, exchange);
        } catch (IOException gone) {
            LOG.debug("a caller went away", gone);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        }
    }

    private void serve(Request request, HttpExchange exchange) throws IOException, InterruptedException {
        int number;
        WireFault fault;
        synchronized (this) {
            settle();
            number = ++count;
            calls.merge(request.kind(), 1, Integer::sum);
            fault = wire.strike(request.kind(), site.dice).orElse(null);
        }
        if (isDroppedWhenHeld(number, false) || !watch.arrives(number)) {
            return;
        }
        WireFault.Kind kind = fault == null ? null : fault.kind();
        if (kind == WireFault.Kind.LOST_REQUEST) {
            return;
        }
        if (fault != null && kind == WireFault.Kind.LATE_CALL) {
            synchronized (this) {
                late.add(new Late(site.now.plusMillis((long) (fault.seconds() * 1000)), request));
            }
            return;
        }
        if (kind == WireFault.Kind.UNTIL_REPEATED) {
            synchronized (this) {
                untilRepeated.add(request);
            }
            return;
        }
        if (fault != null && (kind == WireFault.Kind.REFUSED || kind == WireFault.Kind.PROXY)) {
            send(refused(request, fault), exchange, null);
            return;
        }
        Answer answer = carryOut(request);
        if (kind == WireFault.Kind.DUPLICATE) {
            answer = carryOut(request);
        }
        watch.carriedOut(number);
        if (!isDroppedWhenHeld(number, true) && kind != WireFault.Kind.LOST_ANSWER) {
            send(kind == WireFault.Kind.EMPTY ? Answer.json(200, Site.object()) : answer, exchange, fault);
        }
    }

    private synchronized boolean isDroppedWhenHeld(int number, boolean after) throws InterruptedException {
        boolean waited = false;
        while (hold != null && hold.call() == number && hold.after() == after) {
            held = true;
            waited = true;
            wait();
        }
        return waited && drops;
    }

    private static Answer refused(Request request, WireFault fault) {
        String text = "made unavailable";
        Answer answer;
        if (fault.kind() == WireFault.Kind.PROXY) {
            answer = Answer.html(
                    fault.status(), "<html><body><h1>" + fault.status() + "</h1>A proxy says so.</body></html>");
        } else {
            answer = switch (request.service()) {
                case COMPUTE, VOLUME ->
                    NovaRefusals.refusal(fault.status(), text).answer();
                case NETWORK -> {
                    ObjectNode body = Site.object();
                    body.putObject("NeutronError")
                            .put("type", "Made")
                            .put("message", text)
                            .put("detail", "");
                    yield Answer.json(fault.status(), body);
                }
                case IMAGE -> Glance.refusal(fault.status(), text).answer();
                case IDENTITY -> {
                    ObjectNode body = Site.object();
                    body.putObject("error")
                            .put("code", fault.status())
                            .put("message", text)
                            .put("title", "Made");
                    yield Answer.json(fault.status(), body);
                }
            };
        }
        return fault.retryAfter() == null ? answer : answer.with("Retry-After", String.valueOf(fault.retryAfter()));
    }

    private synchronized Answer carryOut(Request request) {
        settle();
        for (Request earlier : List.copyOf(untilRepeated)) {
            if (earlier.isSameAs(request)) {
                untilRepeated.remove(earlier);
                answer(earlier);
            }
        }
        Answer answer = answer(request);
        site.books.flush();
        return answer;
    }

    private Answer answer(Request request) {
        try {
            if (request.service() == Service.IDENTITY) {
                return keystone.answer(request);
            }
            if (request.path().isEmpty() && request.service() == Service.IMAGE) {
                return glance.versions();
            }
            if (request.path().isEmpty() && request.service() == Service.NETWORK) {
                return neutron.versions();
            }
            Caller caller = keystone.caller(request);
            Answer answer =
                    switch (request.service()) {
                        case COMPUTE -> nova.answer(request, caller);
                        case IMAGE -> glance.answer(request, caller);
                        case NETWORK -> neutron.answer(request, caller);
                        case VOLUME -> cinder.answer(request, caller);
                        case IDENTITY -> throw new IllegalStateException();
                    };
            if (request.is("GET", "servers", "detail") && answer.status() == 200) {
                walk(request, caller, answer);
            }
            return answer;
        } catch (Refusal refusal) {
            refusals.add(site.now + " " + request.kind() + " " + refusal.getMessage());
            return refusal.answer();
        }
    }

    private void walk(Request request, Caller caller, Answer answer) {
        if (request.first("marker") == null) {
            walking.put(caller.project(), site.now);
        }
        Instant begun = walking.get(caller.project());
        boolean more = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8).contains("\"servers_links\"");
        if (begun != null && !more) {
            walks.add(new Walk(begun, site.now));
            walking.remove(caller.project());
        }
    }

    /** Everything that is due by now. */
    private void settle() {
        Instant until = clock.instant();
        while (true) {
            Optional<Books.Due> due = site.books.due(until);
            boolean calls = !late.isEmpty() && !late.peek().due().isAfter(until);
            if (due.isPresent()
                    && (!calls || !due.get().at().isAfter(late.peek().due()))) {
                perform(due.get());
            } else if (calls) {
                if (due.isPresent()) {
                    site.books.putBack(due.get());
                }
                Late call = late.poll();
                site.now = call.due();
                answer(call.request());
            } else {
                break;
            }
        }
        if (until.isAfter(site.now)) {
            site.now = until;
        }
    }

    private void perform(Books.Due due) {
        if (due.at().isAfter(site.now)) {
            site.now = due.at();
        }
        if (due.kind().equals("server")) {
            Server server = server(due.id());
            nova.servers.perform(server, site.books.take(server, due.number()));
        } else {
            Rows.Volume volume = Objects.requireNonNull(site.books.volumes.get(due.id()));
            cinder.perform(volume, site.books.take(volume, due.number()));
        }
    }

    private void send(Answer answer, HttpExchange exchange, @Nullable WireFault fault) throws IOException {
        if (answer.type() != null) {
            exchange.getResponseHeaders().set("Content-Type", answer.type());
        }
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("x-openstack-request-id", "req-" + java.util.UUID.randomUUID());
        byte[] body = answer.body();
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length == 0) {
            return;
        }
        OutputStream out = exchange.getResponseBody();
        if (fault != null && fault.kind() == WireFault.Kind.TRUNCATED) {
            out.write(body, 0, body.length / 2);
            out.flush();
        } else if (fault != null && fault.kind() == WireFault.Kind.SLOW) {
            for (byte one : body) {
                out.write(one);
                out.flush();
                LockSupport.parkNanos((long) (fault.seconds() * 1e9));
            }
        } else {
            out.write(body);
        }
    }

    JsonNode dials() {
        return Books.JSON.valueToTree(site.dials);
    }
}
