package io.weir.openstack.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.weir.openstack.fake.Rows.Row;
import io.weir.openstack.fake.Rows.Server;
import io.weir.simulated.LinesFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * All that the fake knows and will ever do by itself.
 *
 * <ol>
 *   <li>Every change of a row is written down whole, and is on the disk before the call that made it is answered. A row carries what
 *       lies before it, so that a fake that was killed goes on as if it had never slept.
 *   <li>Servers are never forgotten: a deleted one is the ledger's line of a machine that was.
 *   <li>Of a server it is also known how it was a while ago, for listings that lag.
 * </ol>
 */
final class Books implements AutoCloseable {
    static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Duration MEMORY = Duration.ofMinutes(5);

    final Map<String, Server> servers = new LinkedHashMap<>();
    final Map<String, Rows.Volume> volumes = new LinkedHashMap<>();
    final Map<String, Rows.Port> ports = new LinkedHashMap<>();
    final Map<String, Rows.FloatingIp> floatingIps = new LinkedHashMap<>();
    final Map<String, Rows.Group> groups = new LinkedHashMap<>();
    final Map<String, Rows.Key> keys = new LinkedHashMap<>();
    final Map<String, Rows.Credential> credentials = new LinkedHashMap<>();
    final Map<String, Rows.Limit> limits = new LinkedHashMap<>();

    private final Map<String, Deque<Past>> pasts = new HashMap<>();
    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
    private final @Nullable LinesFile<Entry> file;
    private Instant last = Instant.MIN;
    private long steps;

    /** @param row null: it is no more */
    record Entry(
            Instant at, String kind, String id, @Nullable JsonNode row) {}

    private record Past(Instant since, JsonNode row) {}

    /** A step of a row, in the order of time. */
    record Due(Instant at, long number, String kind, String id) {}

    private Books(@Nullable LinesFile<Entry> file) {
        this.file = file;
    }

    static Books inMemory() {
        return new Books(null);
    }

    static Books on(Path path) throws IOException {
        LinesFile<Entry> file = new LinesFile<>(path, Entry.class);
        Books books = new Books(file);
        for (Entry entry : file.history()) {
            books.recall(entry);
        }
        for (String kind : java.util.List.of("server", "volume")) {
            for (Row row : books.table(kind).values()) {
                row.plan.forEach(step -> {
                    books.steps = Math.max(books.steps, step.number() + 1);
                    books.agenda.add(new Due(step.at(), step.number(), kind, row.id));
                });
            }
        }
        return books;
    }

    /** When something was written last; the beginning of time if nothing was. */
    Instant last() {
        return last;
    }

    private void recall(Entry entry) {
        last = entry.at();
        Map<String, Row> table = table(entry.kind());
        JsonNode row = entry.row();
        if (row == null || row.isNull()) {
            table.remove(entry.id());
            return;
        }
        try {
            table.put(entry.id(), JSON.treeToValue(row, type(entry.kind())));
        } catch (JsonProcessingException damaged) {
            throw new UncheckedIOException(new IOException("the books cannot be read: " + entry, damaged));
        }
    }

    @SuppressWarnings("unchecked")
    private <T extends Row> Map<String, T> table(String kind) {
        return (Map<String, T>)
                switch (kind) {
                    case "server" -> servers;
                    case "volume" -> volumes;
                    case "port" -> ports;
                    case "floatingip" -> floatingIps;
                    case "group" -> groups;
                    case "key" -> keys;
                    case "credential" -> credentials;
                    case "limit" -> limits;
                    default -> throw new IllegalArgumentException(kind);
                };
    }

    private static Class<? extends Row> type(String kind) {
        return switch (kind) {
            case "server" -> Server.class;
            case "volume" -> Rows.Volume.class;
            case "port" -> Rows.Port.class;
            case "floatingip" -> Rows.FloatingIp.class;
            case "group" -> Rows.Group.class;
            case "key" -> Rows.Key.class;
            case "credential" -> Rows.Credential.class;
            case "limit" -> Rows.Limit.class;
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static String kind(Row row) {
        return switch (row) {
            case Server server -> "server";
            case Rows.Volume volume -> "volume";
            case Rows.Port port -> "port";
            case Rows.FloatingIp address -> "floatingip";
            case Rows.Group group -> "group";
            case Rows.Key key -> "key";
            case Rows.Credential credential -> "credential";
            case Rows.Limit limit -> "limit";
            default -> throw new IllegalArgumentException(row.id);
        };
    }

    /** A row was made or changed. */
    void write(Row row, Instant now) {
        String kind = kind(row);
        table(kind).put(row.id, row);
        JsonNode written = JSON.valueToTree(row);
        if (file != null) {
            file.append(new Entry(now, kind, row.id, written));
        }
        if (row instanceof Server) {
            Deque<Past> past = pasts.computeIfAbsent(row.id, first -> new ArrayDeque<>());
            past.addLast(new Past(now, written));
            while (past.size() > 1) {
                Past oldest = past.pollFirst();
                if (past.peekFirst() != null && past.peekFirst().since().isAfter(now.minus(MEMORY)) && oldest != null) {
                    past.addFirst(oldest);
                    break;
                }
            }
        }
    }

    void remove(Row row, Instant now) {
        table(kind(row)).remove(row.id);
        if (file != null) {
            file.append(new Entry(now, kind(row), row.id, null));
        }
    }

    /** The row as it was; empty: it was not there yet. */
    Optional<Server> past(Server server, Instant at) {
        Past found = null;
        for (Past past : pasts.getOrDefault(server.id, new ArrayDeque<>())) {
            if (!past.since().isAfter(at)) {
                found = past;
            }
        }
        try {
            return found == null ? Optional.empty() : Optional.of(JSON.treeToValue(found.row(), Server.class));
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    /** Something that the row will do by itself. The row is not written yet. */
    void plan(Row row, Instant at, String what, int which) {
        Rows.Step step = new Rows.Step(steps++, at, what, which);
        row.isPlanned(step);
        agenda.add(new Due(at, step.number(), kind(row), row.id));
    }

    /** The next thing that is due; empty: nothing until then. */
    Optional<Due> due(Instant now) {
        while (!agenda.isEmpty() && !agenda.peek().at().isAfter(now)) {
            Due due = agenda.poll();
            Row row = table(due.kind()).get(due.id());
            if (row != null && row.plan.stream().anyMatch(step -> step.number() == due.number())) {
                return Optional.of(due);
            }
        }
        return Optional.empty();
    }

    /** It is not its turn yet. */
    void putBack(Due due) {
        agenda.add(due);
    }

    Rows.Step take(Row row, long number) {
        Rows.Step step = row.plan.stream()
                .filter(planned -> planned.number() == number)
                .findFirst()
                .orElseThrow();
        row.plan.remove(step);
        return step;
    }

    void flush() {
        if (file != null) {
            file.flush();
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
