-- Rows of programmes that were removed: calendars tell that they are cancelled, and count them.
CREATE TABLE programme_removals (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT,
    starts_at TEXT,
    ends_at TEXT,
    removed_at TEXT NOT NULL
) STRICT;
CREATE INDEX programme_removals_by_consultation ON programme_removals (consultation_id, id);
-- One secret address for each account; only its hash is kept.
CREATE TABLE calendar_feeds (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    token_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT calendar_feeds_hash_unique UNIQUE (token_hash)
) STRICT;
