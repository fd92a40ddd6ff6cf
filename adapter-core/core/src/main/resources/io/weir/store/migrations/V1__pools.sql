-- What a store is, made once.
CREATE TABLE store (
    id TEXT NOT NULL PRIMARY KEY
);

-- One row for each part of a pool's state: a member, a launch, a batch …; the part 'pool' with an empty key is all that is single.
CREATE TABLE pool_part (
    pool TEXT NOT NULL,
    part TEXT NOT NULL,
    part_key TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (pool, part, part_key)
);

CREATE TABLE event (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    pool TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    sentence TEXT NOT NULL,
    machine TEXT,
    author TEXT NOT NULL
);

CREATE INDEX event_of_pool ON event (pool, position);
