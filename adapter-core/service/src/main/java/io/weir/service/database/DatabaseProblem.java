package io.weir.service.database;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** A database that cannot be used, in words that say what to do about it. */
public final class DatabaseProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    public enum Kind {
        IN_USE,
        NOT_A_DATABASE,
        DAMAGED,
        FULL,
        READ_ONLY,
        NEWER,
        OTHER
    }

    private final Kind kind;

    DatabaseProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    DatabaseProblem(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What a failure on this file means; SQLite's own code is looked for down the causes. */
    static DatabaseProblem of(Path file, Throwable failure) {
        if (failure instanceof DatabaseProblem known) {
            return known;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return of(file, sql, failure);
            }
        }
        return new DatabaseProblem(Kind.OTHER, "the database " + file + " failed", failure);
    }

    private static DatabaseProblem of(Path file, SQLException sql, Throwable failure) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(sql.getErrorCode() & 0xff);
        return switch (code) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new DatabaseProblem(
                        Kind.IN_USE,
                        "the database " + file + " is locked by another program; end that program first",
                        failure);
            case SQLITE_NOTADB ->
                new DatabaseProblem(
                        Kind.NOT_A_DATABASE,
                        file + " is not a SQLite database; move it away, or name another file",
                        failure);
            case SQLITE_CORRUPT ->
                new DatabaseProblem(
                        Kind.DAMAGED, "the database " + file + " is damaged; restore it from a copy", failure);
            case SQLITE_FULL ->
                new DatabaseProblem(Kind.FULL, "the disk under " + file + " is full; make room", failure);
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
                new DatabaseProblem(
                        Kind.READ_ONLY,
                        "the database " + file + " cannot be opened for writing; look at the rights of the file and"
                                + " its folder",
                        failure);
            case SQLITE_IOERR ->
                new DatabaseProblem(Kind.OTHER, "the disk under " + file + " fails, or is full", failure);
            default -> new DatabaseProblem(Kind.OTHER, "the database " + file + " failed", failure);
        };
    }
}
