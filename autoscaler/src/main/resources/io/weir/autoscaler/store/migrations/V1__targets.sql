-- What decisions remember, and who paused what. One row a target.
CREATE TABLE target (
    name          TEXT PRIMARY KEY,
    memory        TEXT,
    paused_by     TEXT,
    paused_reason TEXT,
    paused_since  TEXT
);

-- Decisions that differ from the one before, whole, so that each can be explained and made again.
CREATE TABLE decision (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    target    TEXT    NOT NULL,
    at        TEXT    NOT NULL,
    from_size INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    why       TEXT    NOT NULL,
    document  TEXT    NOT NULL
);

CREATE INDEX decision_of_target ON decision (target, id);
