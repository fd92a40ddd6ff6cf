package io.weir.autoscaler.store;

import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Memory;
import io.weir.service.database.Database;
import io.weir.service.database.DatabaseProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** In the service's embedded database. Each write is one transaction, and so few decisions are kept of each target that the file stays small. */
public final class JdbcTargetStore implements TargetStore {
    public static final String MIGRATIONS = "classpath:io/weir/autoscaler/store/migrations";
    public static final int DECISIONS_KEPT = 5_000;

    private static final int TIDIED_EVERY = 100;

    private final Database database;
    private final int kept;

    public JdbcTargetStore(Database database) {
        this(database, DECISIONS_KEPT);
    }

    /** @param kept how many decisions of a target at least; at most a hundred more */
    JdbcTargetStore(Database database, int kept) {
        this.database = database;
        this.kept = kept;
    }

    @Override
    public Memory memory(String target) {
        return database.read(
                handle -> handle.createQuery("SELECT memory FROM target WHERE name = :target AND memory IS NOT NULL")
                        .bind("target", target)
                        .mapTo(String.class)
                        .findOne()
                        .map(DecisionJson::memory)
                        .orElse(Memory.NONE));
    }

    @Override
    public void remember(String target, Memory memory) {
        database.write(handle -> remember(handle, target, memory));
    }

    private static int remember(Handle handle, String target, Memory memory) {
        return handle.createUpdate("INSERT INTO target (name, memory) VALUES (:target, :memory)"
                        + " ON CONFLICT (name) DO UPDATE SET memory = excluded.memory")
                .bind("target", target)
                .bind("memory", DecisionJson.text(memory))
                .execute();
    }

    @Override
    public void keep(String target, Decision decision) {
        database.write(handle -> {
            remember(handle, target, decision.after());
            long id = handle.createUpdate("INSERT INTO decision (target, at, from_size, size, why, document)"
                            + " VALUES (:target, :at, :from, :size, :why, :document)")
                    .bind("target", target)
                    .bind("at", decision.beat().at().toString())
                    .bind("from", decision.from())
                    .bind("size", decision.size())
                    .bind("why", decision.why())
                    .bind("document", DecisionJson.text(decision))
                    .executeAndReturnGeneratedKeys("id")
                    .mapTo(Long.class)
                    .one();
            return id % TIDIED_EVERY == 0 ? tidy(handle, target) : 0;
        });
    }

    private int tidy(Handle handle, String target) {
        return handle.createUpdate("DELETE FROM decision WHERE target = :target AND id <="
                        + " (SELECT id FROM decision WHERE target = :target ORDER BY id DESC LIMIT 1 OFFSET :kept)")
                .bind("target", target)
                .bind("kept", kept)
                .execute();
    }

    @Override
    public List<StoredDecision> decisions(String target, @Nullable Long before, int most) {
        return database.read(handle -> handle.createQuery("SELECT id, at, from_size, size, why, document FROM decision"
                        + " WHERE target = :target AND id < :before ORDER BY id DESC LIMIT :most")
                .bind("target", target)
                .bind("before", before == null ? Long.MAX_VALUE : before)
                .bind("most", most)
                .map((row, context) -> decision(row))
                .list());
    }

    private static StoredDecision decision(ResultSet row) throws SQLException {
        return new StoredDecision(
                row.getLong("id"),
                Instant.parse(row.getString("at")),
                row.getInt("from_size"),
                row.getInt("size"),
                row.getString("why"),
                row.getString("document"));
    }

    @Override
    public @Nullable Pause pause(String target) {
        return database.read(handle -> handle.createQuery("SELECT paused_by, paused_reason, paused_since FROM target"
                                + " WHERE name = :target AND paused_by IS NOT NULL")
                        .bind("target", target)
                        .map((row, context) -> new Pause(
                                row.getString("paused_by"),
                                row.getString("paused_reason"),
                                Instant.parse(row.getString("paused_since"))))
                        .findOne())
                .orElse(null);
    }

    @Override
    public void setPause(String target, @Nullable Pause pause) {
        database.write(handle -> handle.createUpdate("INSERT INTO target (name, paused_by, paused_reason, paused_since)"
                        + " VALUES (:target, :by, :reason, :since)"
                        + " ON CONFLICT (name) DO UPDATE SET paused_by = excluded.paused_by,"
                        + " paused_reason = excluded.paused_reason, paused_since = excluded.paused_since")
                .bind("target", target)
                .bind("by", pause == null ? null : pause.by())
                .bind("reason", pause == null ? null : pause.reason())
                .bind("since", pause == null ? null : pause.since().toString())
                .execute());
    }

    @Override
    public @Nullable String fault() {
        try {
            database.read(handle -> handle.createQuery("SELECT count(*) FROM target")
                    .mapTo(Long.class)
                    .one());
            return null;
        } catch (DatabaseProblem problem) {
            return String.valueOf(problem.getMessage());
        }
    }
}
