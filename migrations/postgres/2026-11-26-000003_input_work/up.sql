-- What went into what: merged or split.
CREATE TABLE input_derivations (
    derived_id uuid NOT NULL REFERENCES inputs (id),
    source_id uuid NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (derived_id, source_id)
);
CREATE INDEX input_derivations_by_source ON input_derivations (source_id, derived_id);
-- The inputs as they were brought in that a merged or split one goes back to.
CREATE TABLE input_origins (
    derived_id uuid NOT NULL REFERENCES inputs (id),
    origin_id uuid NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (derived_id, origin_id)
);
CREATE INDEX input_origins_by_origin ON input_origins (origin_id, derived_id);
-- What happened to an input: a day, and no person where the person is its contributor.
CREATE TABLE input_events (
    input_id uuid NOT NULL REFERENCES inputs (id),
    version bigint NOT NULL,
    kind text NOT NULL,
    actor_id uuid REFERENCES accounts (id),
    on_day date NOT NULL,
    batch_id uuid,
    before jsonb NOT NULL,
    PRIMARY KEY (input_id, version)
);
CREATE INDEX input_events_by_batch ON input_events (batch_id);
CREATE INDEX input_events_by_actor ON input_events (actor_id);
-- Who is working on an input at the moment.
CREATE TABLE input_claims (
    input_id uuid NOT NULL PRIMARY KEY REFERENCES inputs (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    until timestamptz NOT NULL
);
CREATE INDEX input_claims_by_account ON input_claims (account_id);
CREATE TABLE input_filters (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    name text NOT NULL,
    filter jsonb NOT NULL,
    CONSTRAINT input_filters_name_unique UNIQUE (account_id, consultation_id, name)
);
-- When inputs in writing are taken. Without a row the phase alone decides.
CREATE TABLE input_windows (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    moment text NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    PRIMARY KEY (consultation_id, moment)
);
-- The keys of a rapporteur's notes, so that what is sent twice is taken once.
CREATE TABLE input_notes (
    key_hash text NOT NULL PRIMARY KEY,
    input_id uuid NOT NULL REFERENCES inputs (id)
);
CREATE INDEX input_notes_by_input ON input_notes (input_id);
