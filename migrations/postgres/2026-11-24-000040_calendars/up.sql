-- Rows of programmes that were removed: calendars tell that they are cancelled, and count them.
CREATE TABLE programme_removals (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    kind text NOT NULL,
    version bigint NOT NULL,
    title text,
    starts_at timestamptz,
    ends_at timestamptz,
    removed_at timestamptz NOT NULL
);
CREATE INDEX programme_removals_by_consultation ON programme_removals (consultation_id, id);
-- One secret address for each account; only its hash is kept.
CREATE TABLE calendar_feeds (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id),
    token_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT calendar_feeds_hash_unique UNIQUE (token_hash)
);
