package io.weir.store;

import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.service.database.Database;
import io.weir.service.database.DatabaseProblem;
import io.weir.store.PoolParts.Document;
import io.weir.store.PoolParts.Key;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * A store in a database.
 *
 * <ol>
 *   <li>What is written of a pool is the difference between two of its states, in one transaction with the events: a changed machine
 *       is a few rows, however many machines the pool has.
 *   <li>A difference from anything but what the database holds would leave a mixture, so a save that does not go on from the last one
 *       is refused. After a failed write it is read anew what the database holds.
 * </ol>
 */
public final class JdbcStore implements Store {
    private static final String MIGRATIONS = "classpath:io/weir/store/migrations";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 8;
    private static final int PRUNED_AT_ONCE = 5_000;

    private final Database database;
    private final StoreId id;
    private final LongAdder rowsWritten = new LongAdder();

    /** What the database is known to hold. */
    private final Map<PoolName, PoolState> saved = new ConcurrentHashMap<>();

    private JdbcStore(Database database, StoreId id) {
        this.database = database;
        this.id = id;
    }

    /**
     * Opens or makes the store; one process at a time.
     *
     * @param random where the id of a new store comes from
     * @throws DatabaseProblem it is in use, damaged, of a newer program or cannot be written
     */
    public static JdbcStore open(Path file, RandomGenerator random) {
        Database database = Database.open(file, MIGRATIONS);
        try {
            return new JdbcStore(database, database.write(handle -> id(handle, random)));
        } catch (RuntimeException failed) {
            database.close();
            throw failed;
        }
    }

    private static StoreId id(Handle handle, RandomGenerator random) {
        Optional<String> known =
                handle.createQuery("SELECT id FROM store").mapTo(String.class).findOne();
        if (known.isPresent()) {
            return new StoreId(known.get());
        }
        StringBuilder made = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++) {
            made.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        handle.execute("INSERT INTO store (id) VALUES (?)", made.toString());
        return new StoreId(made.toString());
    }

    @Override
    public StoreId id() {
        return id;
    }

    @Override
    public List<PoolState> load() {
        List<PoolState> states = told(() -> database.read(handle ->
                read(handle.createQuery("SELECT pool, part, part_key, document FROM pool_part ORDER BY pool"))));
        saved.clear();
        states.forEach(state -> saved.put(state.name(), state));
        return states;
    }

    private static List<PoolState> read(Query query) {
        Map<PoolName, Map<Key, Document>> rows = new TreeMap<>();
        query.map((row, context) -> rows.computeIfAbsent(new PoolName(row.getString(1)), pool -> new LinkedHashMap<>())
                        .put(new Key(row.getString(2), row.getString(3)), PoolJson.document(row.getString(4))))
                .list();
        List<PoolState> states = new ArrayList<>();
        rows.forEach((pool, parts) -> states.add(PoolParts.state(pool, parts)));
        return states;
    }

    @Override
    public void save(Optional<PoolState> before, PoolState after, List<PoolEvent> events) {
        PoolName pool = after.name();
        Map<Key, Optional<Object>> rows = PoolParts.difference(before, after);
        Optional<PoolState> known = Optional.ofNullable(saved.remove(pool));
        if (rows.isEmpty() && events.isEmpty() && known.isPresent() && isSame(known, before)) {
            saved.put(pool, after);
            return;
        }
        told(() -> database.write(handle -> {
            if (!isSame(known.or(() -> held(handle, pool)), before)) {
                throw new StoreException(
                        "the pool " + pool + " was not saved: it does not go on from what the store holds",
                        new IllegalStateException("not the last state"));
            }
            write(handle, pool, rows);
            tell(handle, events);
            return rows.size();
        }));
        saved.put(pool, after);
        rowsWritten.add(rows.size() + (long) events.size());
    }

    /** But for sightings, which are not always written. */
    private static boolean isSame(Optional<PoolState> held, Optional<PoolState> before) {
        if (held.isEmpty() || before.isEmpty()) {
            return held.isEmpty() && before.isEmpty();
        }
        return held.get() == before.get()
                || PoolParts.difference(held, before.get()).isEmpty();
    }

    private static Optional<PoolState> held(Handle handle, PoolName pool) {
        return read(handle.createQuery("SELECT pool, part, part_key, document FROM pool_part WHERE pool = :pool")
                        .bind("pool", pool.value()))
                .stream()
                .findFirst();
    }

    /** Rows of states and events, written or taken away since it was opened. */
    public long rowsWritten() {
        return rowsWritten.sum();
    }

    private static void write(Handle handle, PoolName pool, Map<Key, Optional<Object>> rows) {
        PreparedBatch put =
                handle.prepareBatch("INSERT INTO pool_part (pool, part, part_key, document) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (pool, part, part_key) DO UPDATE SET document = excluded.document");
        PreparedBatch drop = handle.prepareBatch("DELETE FROM pool_part WHERE pool = ? AND part = ? AND part_key = ?");
        rows.forEach((key, row) -> {
            if (row.isPresent()) {
                put.add(pool.value(), key.part(), key.key(), PoolJson.write(row.get()));
            } else {
                drop.add(pool.value(), key.part(), key.key());
            }
        });
        if (put.size() > 0) {
            put.execute();
        }
        if (drop.size() > 0) {
            drop.execute();
        }
    }

    private static void tell(Handle handle, List<PoolEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO event (pool, at, kind, sentence, machine, author) VALUES (?, ?, ?, ?, ?, ?)");
        for (PoolEvent event : events) {
            batch.add(
                    event.pool().value(),
                    event.at().toString(),
                    event.kind(),
                    event.text(),
                    event.machine().orElse(null),
                    event.by());
        }
        batch.execute();
    }

    @Override
    public void remove(PoolName pool, List<PoolEvent> events) {
        saved.remove(pool);
        told(() -> database.write(handle -> {
            tell(handle, events);
            held(handle, pool)
                    .ifPresent(last -> handle.execute(
                            "INSERT INTO removed_pool (pool, sequence) VALUES (?, ?)"
                                    + " ON CONFLICT (pool) DO UPDATE SET sequence = excluded.sequence",
                            pool.value(),
                            last.sequence()));
            return handle.execute("DELETE FROM pool_part WHERE pool = ?", pool.value());
        }));
    }

    @Override
    public OptionalLong sequenceOfRemoved(PoolName pool) {
        return told(() -> database.read(
                        handle -> handle.createQuery("SELECT sequence FROM removed_pool WHERE pool = :pool")
                                .bind("pool", pool.value())
                                .mapTo(Long.class)
                                .findOne()))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public List<StoredEvent> events(
            PoolName pool, long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
        return told(() -> database.read(handle -> {
            Query query = handle.createQuery("SELECT position, pool, at, kind, sentence, machine, author FROM event"
                            + " WHERE pool = :pool AND position > :after"
                            + (kindPrefix.isPresent() ? " AND substr(kind, 1, length(:kind)) = :kind" : "")
                            + (machine.isPresent() ? " AND machine = :machine" : "")
                            + " ORDER BY position LIMIT :limit")
                    .bind("pool", pool.value())
                    .bind("after", after)
                    .bind("limit", limit);
            kindPrefix.ifPresent(kind -> query.bind("kind", kind));
            machine.ifPresent(one -> query.bind("machine", one));
            return query.map((row, context) -> event(row)).list();
        }));
    }

    @Override
    public List<StoredEvent> latest(PoolName pool, int limit) {
        return told(() -> database.read(handle -> handle.createQuery(
                        "SELECT * FROM (SELECT position, pool, at, kind, sentence, machine, author FROM event"
                                + " WHERE pool = :pool ORDER BY position DESC LIMIT :limit) AS last ORDER BY position")
                .bind("pool", pool.value())
                .bind("limit", limit)
                .map((row, context) -> event(row))
                .list()));
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getLong("position"),
                new PoolEvent(
                        Instant.parse(row.getString("at")),
                        new PoolName(row.getString("pool")),
                        row.getString("kind"),
                        row.getString("sentence"),
                        Optional.ofNullable(row.getString("machine")),
                        row.getString("author")));
    }

    /** To the second: a text with a fraction sorts before one without. */
    @Override
    public void prune(Instant before) {
        int dropped = PRUNED_AT_ONCE;
        while (dropped == PRUNED_AT_ONCE) {
            dropped = told(() -> database.write(handle -> handle.createUpdate(
                            "DELETE FROM event WHERE position IN"
                                    + " (SELECT position FROM event WHERE substr(at, 1, 19) < substr(:before, 1, 19) LIMIT :most)")
                    .bind("before", before.toString())
                    .bind("most", PRUNED_AT_ONCE)
                    .execute()));
        }
    }

    @Override
    public void close() {
        database.close();
    }

    private static <R> R told(Supplier<R> work) {
        try {
            return work.get();
        } catch (DatabaseProblem problem) {
            throw new StoreException(String.valueOf(problem.getMessage()), problem);
        } catch (IllegalArgumentException damaged) {
            throw new StoreException("a row of the store cannot be read: " + damaged.getMessage(), damaged);
        }
    }
}
