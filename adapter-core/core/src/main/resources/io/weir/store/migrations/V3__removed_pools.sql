-- A pool that is made again under the name of a removed one must not use its names and tokens again.
CREATE TABLE removed_pool (
    pool TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL
);
