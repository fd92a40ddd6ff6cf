package io.weir.openstack.nova;

import static io.weir.openstack.nova.RealOpenstack.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.kit.AdapterProcess;
import io.weir.openstack.WeirOpenstack;
import io.weir.pool.Marks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A real adapter over a real OpenStack that may be broken. Pools are made and judged here: by what the adapter answers, and by what
 * the cloud itself has.
 *
 * <p>Beside the pools there are servers and a volume of somebody else, one of them with the mark of another pool: whatever happens,
 * they stay as they are. Nothing is faster than real but the paces, which are at their ceilings; how late a call may land is said as
 * it is here, where a service that is killed lands nothing.
 */
final class NovaTrial implements AutoCloseable {
    /** The connection behind a proxy that can be told to misbehave. */
    static final String LINE = "line";
    /** A connection of another project, with quotas of its own. */
    static final String OTHER = "other";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Duration LOOK = Duration.ofMillis(500);

    final RealOpenstack cloud = RealOpenstack.ofEnvironment();
    final NovaLine line;
    final AdapterProcess adapter;
    private final Witness witness;
    private final Witness otherWitness;
    private final String strangers = "stranger-" + UUID.randomUUID().toString().substring(0, 6);
    private final List<String> foreign = new ArrayList<>();
    private final String foreignVolume;
    private final Map<String, String> foreignAtFirst;

    /** @param home of the adapter; it is made */
    NovaTrial(Path home) throws Exception {
        cloud.noFaults(); // aborts the test where there is no bed
        String demo = cloud.ofBed("demo").path("password").asText();
        String other = cloud.ofBed("other").path("password").asText();
        line = new NovaLine(cloud.calls().session().address(Service.COMPUTE).orElseThrow());
        witness = new Witness(cloud);
        otherWitness = new Witness(cloud, "other");
        foreignVolume = new OpenstackNovaApi(cloud.as("demo"))
                .makeVolume(object(
                        "volume",
                        Map.of("name", strangers, "size", 1, "metadata", Map.of(Marks.POOL_TAG, "somebody-elses"))))
                .id();
        foreign.add(stranger(Map.of("owner", "somebody")));
        foreign.add(stranger(Map.of("owner", "somebody", Marks.POOL_TAG, "somebody-elses")));
        await("the servers of somebody else to run", () -> assertThat(strangersNow())
                .allSatisfy((id, text) -> assertThat(text).containsAnyOf("ACTIVE", "available")));
        foreignAtFirst = strangersNow();
        Files.createDirectories(home);
        Files.writeString(home.resolve("adapter.yml"), configuration());
        adapter = AdapterProcess.ofClasses(
                "openstack",
                WeirOpenstack.class,
                home,
                Map.of("TRIAL_DEMO_PASSWORD", demo, "TRIAL_OTHER_PASSWORD", other),
                Role.ADMIN);
        adapter.awaitReady();
    }

    private String configuration() {
        return """
            cloud: openstack
            listen: {port: 0}
            management: {port: 0}
            watch: {interval: 2s, busy: 1s}
            connections:
            """ + connection("default", "demo", "") + connection(OTHER, "other", "")
                + connection(LINE, "demo", "endpoints: {compute: \"" + line.url() + "\"}");
    }

    private String connection(String name, String user, String more) {
        return """
              %s:
                authUrl: %s
                username: %s
                password: env:TRIAL_%s_PASSWORD
                userDomain: Default
                project: %s
                projectDomain: Default
                region: %s
                lag: 1s
                lateness: 10s
                %s
            """.formatted(
                        name,
                        cloud.account().authUrl(),
                        user,
                        user.toUpperCase(Locale.ROOT),
                        user,
                        cloud.account().region(),
                        more);
    }

    private String stranger(Map<String, String> metadata) throws NovaFailure {
        return new OpenstackNovaApi(cloud.as("demo"))
                .boot(object(
                        "server",
                        Map.of(
                                "name",
                                strangers,
                                "imageRef",
                                cloud.ofBed("image").asText(),
                                "flavorRef",
                                cloud.ofBed("flavors").path(cloud.flavor()).asText(),
                                "networks",
                                "none",
                                "metadata",
                                metadata)));
    }

    /** What is somebody else's, by id, as it is now. */
    private Map<String, String> strangersNow() throws NovaFailure {
        Map<String, String> now = new TreeMap<>();
        NovaApi api = new OpenstackNovaApi(cloud.as("demo"));
        for (String id : foreign) {
            now.put(
                    id,
                    api.server(id)
                            .map(row -> row.path("status").asText() + " "
                                    + row.path("name").asText() + " " + NovaMachines.metadata(row))
                            .orElse("gone"));
        }
        now.put(
                foreignVolume,
                api.volume(foreignVolume)
                        .map(volume -> volume.status() + " " + volume.metadata())
                        .orElse("gone"));
        return now;
    }

    /** Makes a pool for one row, with no machine in it yet. */
    TriedPool pool(String word, Map<String, Object> more) throws Exception {
        TriedPool pool = new TriedPool(
                word + "-" + UUID.randomUUID().toString().substring(0, 4),
                OTHER.equals(more.get("connection")) ? otherWitness : witness);
        pool.document(more);
        return pool;
    }

    interface Check {
        void run() throws Exception;
    }

    /** Until it holds; what stands in the way just now (a service that is away) is waited for, too. */
    static void await(String what, Check check) throws InterruptedException {
        await(what, PATIENCE, check);
    }

    static void await(String what, Duration patience, Check check) throws InterruptedException {
        Instant end = Instant.now().plus(patience);
        while (true) {
            try {
                check.run();
                return;
            } catch (InterruptedException stop) {
                throw stop;
            } catch (Exception | AssertionError notYet) {
                if (!Instant.now().isBefore(end)) {
                    throw new AssertionError("waited " + patience.toSeconds() + " s in vain for " + what, notYet);
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    /** Holds all the time. */
    static void during(Duration time, Check check) throws Exception {
        Instant end = Instant.now().plus(time);
        while (Instant.now().isBefore(end)) {
            check.run();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    /** One pool that something happens to. */
    final class TriedPool {
        final String name;
        private final Witness its;
        private final long begun = System.nanoTime();
        private long told = 0;

        private TriedPool(String name, Witness its) {
            this.name = name;
            this.its = its;
        }

        /** Says what was seen, and when after the pool was made. */
        void say(String text) {
            System.out.printf(
                    Locale.ROOT, "faults: %-16s %6.1f s  %s%n", name, (System.nanoTime() - begun) / 1e9, text);
        }

        /** Makes it, or replaces its document. */
        void document(Map<String, Object> more) throws Exception {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("max", 100);
            document.put("size", 0);
            document.put("image", cloud.image());
            document.put("machineTypes", List.of(cloud.flavor()));
            document.put("network", "none");
            document.put("connection", "default");
            document.put(
                    "pace",
                    Map.of(
                            "wish", Map.of("count", 20, "percent", 50),
                            "repair", Map.of("count", 5, "percent", 25),
                            "cleanup", Map.of("count", 3, "percent", 10),
                            "launch", Map.of("count", 100, "percent", 100)));
            document.putAll(more);
            adapter.ask("PUT", "/pools/" + name, text(document));
        }

        private String text(Object value) throws JsonProcessingException {
            return JSON.writeValueAsString(value);
        }

        void size(int wish) throws Exception {
            say("size " + wish + " is wanted");
            adapter.ask("POST", "/pools/" + name + "/pool/size", text(Map.of("desiredSize", wish)));
        }

        List<JsonNode> servers() {
            return its.servers(name + "-");
        }

        List<JsonNode> volumes() {
            return its.volumes(name);
        }

        Set<String> ids() {
            return ids(servers());
        }

        private static Set<String> ids(List<JsonNode> rows) {
            return rows.stream().map(row -> row.path("id").asText()).collect(Collectors.toCollection(TreeSet::new));
        }

        /** The adapter says so, every member runs, and these and no others are what Nova has; no two of one name. */
        void exact(int size) throws Exception {
            await(name + " to be exact at " + size, () -> assertExact(size));
            say("exact at " + size + "; ever launched: " + told(everLaunched()));
        }

        private void assertExact(int size) throws Exception {
            JsonNode told = adapter.get("/pools/" + name + "/pool/size");
            assertThat(List.of("desiredSize", "allocated", "active"))
                    .allSatisfy(field -> assertThat(told.path(field).asInt(-1)).isEqualTo(size));
            List<JsonNode> servers = servers();
            assertThat(servers)
                    .hasSize(size)
                    .allSatisfy(row -> assertThat(row.path("status").asText()).isEqualTo("ACTIVE"));
            assertThat(members()).isEqualTo(ids(servers));
            assertThat(servers.stream().map(row -> row.path("name").asText()).distinct())
                    .hasSize(size);
        }

        private static String told(Map<String, Integer> names) {
            long more = names.values().stream().filter(count -> count > 1).count();
            return names.values().stream().mapToInt(count -> count).sum() + " servers for " + names.size() + " names"
                    + (more > 0 ? ", " + more + " of them more than once: " + names : "");
        }

        Map<String, Integer> everLaunched() {
            return its.everLaunched(name + "-");
        }

        Set<String> members() throws Exception {
            Set<String> ids = new TreeSet<>();
            for (JsonNode machine : adapter.get("/pools/" + name + "/pool").path("machines")) {
                if (machine.path("machineState").asText().equals("RUNNING")) {
                    ids.add(machine.path("id").asText());
                }
            }
            return ids;
        }

        /** Waits for an event of this kind that says this. */
        String event(String kind, String says) throws Exception {
            String[] found = new String[1];
            await(kind + " that says \"" + says + "\"", () -> {
                for (JsonNode event : adapter.get("/pools/" + name + "/events?after=0&limit=500&kind=" + kind)
                        .path("events")) {
                    if (event.path("text").asText().contains(says)) {
                        found[0] = event.path("text").asText();
                    }
                }
                assertThat(found[0]).isNotNull();
            });
            say("seen: " + kind + ": " + found[0]);
            return found[0];
        }

        int count(String kind) throws Exception {
            return adapter.get("/pools/" + name + "/events?after=0&limit=500&kind=" + kind)
                    .path("events")
                    .size();
        }

        /** How the adapter reaches its cloud, in its own words; empty: it does. */
        String problem() throws Exception {
            String connection = adapter.get("/pools/" + name)
                    .path("document")
                    .path("connection")
                    .asText();
            JsonNode view = adapter.get("/connections/" + connection);
            return view.path("reached").asBoolean() ? "" : view.path("problem").asText("not reached");
        }

        /** Takes it away by the adapter, and looks that nothing of it is left, nor anything of others touched. */
        void over() throws Exception {
            printEvents();
            adapter.ask("DELETE", "/pools/" + name + "?machines=terminate", "");
            nothingIsLeft();
            assertThat(strangersNow()).isEqualTo(foreignAtFirst);
            say("nothing of it is left, and what is somebody else's is as it was");
        }

        void nothingIsLeft() throws Exception {
            await("nothing of " + name + " to be left", () -> {
                assertThat(servers()).isEmpty();
                assertThat(its.marked(name)).isEmpty();
            });
        }

        /** What the adapter did since the last time, as it says itself. */
        void printEvents() throws Exception {
            for (JsonNode event : adapter.get("/pools/" + name + "/events?after=" + told + "&limit=500")
                    .path("events")) {
                told = Math.max(told, event.path("id").asLong());
                String text = event.path("text").asText();
                System.out.println(
                        "faults: " + name + "   " + event.path("at").asText().substring(11, 19) + " "
                                + event.path("kind").asText() + ": "
                                + (text.length() > 200 ? text.substring(0, 200) + "…" : text));
            }
        }
    }

    @Override
    public void close() throws Exception {
        cloud.noFaults();
        adapter.end();
        adapter.close();
        line.close();
        witness.close();
        otherWitness.close();
        NovaApi api = new OpenstackNovaApi(cloud.as("demo"));
        for (String id : foreign) {
            if (api.server(id).isPresent()) {
                api.deleteServer(id);
            }
        }
        api.deleteVolume(foreignVolume);
    }
}
