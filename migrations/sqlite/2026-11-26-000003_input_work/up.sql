-- What went into what: merged or split.
CREATE TABLE input_derivations (
    derived_id TEXT NOT NULL REFERENCES inputs (id),
    source_id TEXT NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (derived_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_derivations_by_source ON input_derivations (source_id, derived_id);
-- The inputs as they were brought in that a merged or split one goes back to.
CREATE TABLE input_origins (
    derived_id TEXT NOT NULL REFERENCES inputs (id),
    origin_id TEXT NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (derived_id, origin_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_origins_by_origin ON input_origins (origin_id, derived_id);
-- What happened to an input: a day, and no person where the person is its contributor.
CREATE TABLE input_events (
    input_id TEXT NOT NULL REFERENCES inputs (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id TEXT REFERENCES accounts (id),
    on_day TEXT NOT NULL,
    batch_id TEXT,
    before TEXT NOT NULL,
    PRIMARY KEY (input_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_events_by_batch ON input_events (batch_id);
CREATE INDEX input_events_by_actor ON input_events (actor_id);
-- Who is working on an input at the moment.
CREATE TABLE input_claims (
    input_id TEXT NOT NULL PRIMARY KEY REFERENCES inputs (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX input_claims_by_account ON input_claims (account_id);
CREATE TABLE input_filters (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    filter TEXT NOT NULL,
    CONSTRAINT input_filters_name_unique UNIQUE (account_id, consultation_id, name)
) STRICT;
-- When inputs in writing are taken. Without a row the phase alone decides.
CREATE TABLE input_windows (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    moment TEXT NOT NULL,
    opens_at TEXT NOT NULL,
    closes_at TEXT NOT NULL,
    PRIMARY KEY (consultation_id, moment)
) STRICT, WITHOUT ROWID;
-- The keys of a rapporteur's notes, so that what is sent twice is taken once.
CREATE TABLE input_notes (
    key_hash TEXT NOT NULL PRIMARY KEY,
    input_id TEXT NOT NULL REFERENCES inputs (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_notes_by_input ON input_notes (input_id);
