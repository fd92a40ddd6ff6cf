package io.weir.service.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * An embedded database in one file.
 *
 * <ol>
 *   <li>SQLite with a write-ahead log and {@code synchronous=FULL}: what a returned {@link #write} did survives a loss of power.
 *   <li>One process at a time: the second one is refused at once, by a lock beside the file that ends with its process.
 *   <li>Writers of this process take turns; readers never wait for them.
 *   <li>Its tables are brought to the state of this program by the migrations of a class path folder; a file that a newer program
 *       has written is refused.
 *   <li>A new file is its owner's alone, and so are those that SQLite lays beside it: what is stored may hold secrets.
 *   <li>Every failure is a {@link DatabaseProblem} that says what to do.
 * </ol>
 */
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int BUSY_MILLIS = 2_000;

    private final Path file;
    private final HikariDataSource source;
    private final Jdbi jdbi;
    private final DatabaseLock lock;
    private final ReentrantLock turn = new ReentrantLock(true);

    private Database(Path file, HikariDataSource source, DatabaseLock lock) {
        this.file = file;
        this.source = source;
        this.jdbi = Jdbi.create(source);
        this.lock = lock;
    }

    /**
     * Opens or makes the database.
     *
     * @param migrations where its migrations are, such as {@code classpath:io/weir/store/migrations}
     */
    public static Database open(Path file, String migrations) {
        DatabaseLock lock = lock(file);
        HikariDataSource source = null;
        try {
            keepFromOthers(file);
            source = source(file);
            migrate(file, source, migrations);
            return new Database(file, source, lock);
        } catch (RuntimeException e) {
            close(source, lock);
            throw DatabaseProblem.of(file, e);
        }
    }

    private static DatabaseLock lock(Path file) {
        try {
            return DatabaseLock.of(file);
        } catch (IOException e) {
            throw new DatabaseProblem(
                    DatabaseProblem.Kind.READ_ONLY,
                    "the folder of the database " + file + " cannot be written to (" + e.getMessage() + ")",
                    e);
        }
    }

    private static void keepFromOthers(Path file) {
        try {
            if (Files.notExists(file)
                    && Files.getFileStore(file.toAbsolutePath().resolveSibling("."))
                            .supportsFileAttributeView("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw new DatabaseProblem(
                    DatabaseProblem.Kind.READ_ONLY,
                    "the database " + file + " cannot be made (" + e.getMessage() + ")",
                    e);
        }
    }

    private static HikariDataSource source(Path file) {
        var settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        settings.setBusyTimeout(BUSY_MILLIS);
        settings.enforceForeignKeys(true);
        var sqlite = new SQLiteDataSource(settings);
        sqlite.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        var pool = new HikariConfig();
        pool.setPoolName("database");
        pool.setDataSource(sqlite);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        pool.setMaxLifetime(0);
        pool.setInitializationFailTimeout(1);
        return new HikariDataSource(pool);
    }

    private static void migrate(Path file, HikariDataSource source, String migrations) {
        Flyway flyway = Flyway.configure(Database.class.getClassLoader())
                .dataSource(source)
                .locations(migrations)
                .failOnMissingLocations(true)
                .load();
        boolean newer = Arrays.stream(flyway.info().all())
                .map(MigrationInfo::getState)
                .anyMatch(state -> state == MigrationState.FUTURE_SUCCESS || state == MigrationState.FUTURE_FAILED);
        if (newer) {
            throw new DatabaseProblem(
                    DatabaseProblem.Kind.NEWER,
                    "the database " + file + " was written by a newer version; start that one, or use another home");
        }
        flyway.migrate();
    }

    /** One transaction that changes something; durable when this returns. */
    public <T> T write(HandleCallback<T, RuntimeException> work) {
        turn.lock();
        try {
            return jdbi.inTransaction(work);
        } catch (RuntimeException e) {
            throw told(e);
        } finally {
            turn.unlock();
        }
    }

    /** Reads, without waiting for writers; sees what was durable when it began. */
    public <T> T read(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (RuntimeException e) {
            throw told(e);
        }
    }

    /** A failure of the database in words; what the work itself threw goes on as it is. */
    private RuntimeException told(RuntimeException e) {
        DatabaseProblem problem = DatabaseProblem.of(file, e);
        boolean sql = e.getClass().getName().startsWith("org.jdbi.") || problem.kind() != DatabaseProblem.Kind.OTHER;
        return sql ? problem : e;
    }

    /** For statements that fit neither; a writer that uses it takes no turn. */
    public Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        close(source, lock);
    }

    private static void close(@Nullable HikariDataSource source, DatabaseLock lock) {
        if (source != null) {
            source.close();
        }
        lock.close();
    }
}
