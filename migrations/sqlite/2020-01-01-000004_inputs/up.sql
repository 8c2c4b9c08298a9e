-- An input's id and place are random and it keeps no time: of a contribution by receipt only the window that it came in
-- (ARCHITECTURE.md, rule 1). Whose it is stands in no table.
CREATE TABLE inputs (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    place INTEGER NOT NULL,
    origin TEXT NOT NULL,
    moment TEXT,
    told_by TEXT,
    organization_id TEXT REFERENCES organizations (id),
    working_group_id TEXT REFERENCES working_groups (id),
    round_id TEXT REFERENCES rounds (id),
    session_id TEXT REFERENCES sessions (id),
    category_id TEXT NOT NULL REFERENCES input_categories (id),
    body TEXT NOT NULL,
    language TEXT NOT NULL,
    translation TEXT,
    translation_language TEXT,
    citations TEXT NOT NULL,
    addressees TEXT NOT NULL,
    testimony INTEGER NOT NULL,
    sensitive INTEGER NOT NULL,
    do_not_quote INTEGER NOT NULL,
    state TEXT NOT NULL,
    question TEXT,
    reason_code TEXT,
    note TEXT,
    first_reader_id TEXT REFERENCES accounts (id),
    derived INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX inputs_by_place_alone ON inputs (place);
CREATE INDEX inputs_by_place ON inputs (consultation_id, place, id);
CREATE INDEX inputs_by_state ON inputs (consultation_id, state, place, id);
CREATE INDEX inputs_by_group ON inputs (working_group_id, place, id);
CREATE INDEX inputs_by_category ON inputs (category_id, consultation_id, place, id);
CREATE INDEX inputs_by_organization ON inputs (organization_id);
-- What a list by objective is sorted and narrowed by stands beside the objective, so that it costs no more than what it shows.
CREATE TABLE input_objectives (
    input_id TEXT NOT NULL REFERENCES inputs (id),
    objective INTEGER NOT NULL,
    consultation_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    working_group_id TEXT NOT NULL,
    state TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (input_id, objective)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_objectives_by_place ON input_objectives (consultation_id, objective, place, input_id);
CREATE INDEX input_objectives_by_cell ON input_objectives (consultation_id, objective, category_id, state, place, input_id);
-- How many inputs are in each cell of the board. Kept in step by the same transaction that writes an input.
CREATE TABLE input_counts (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    objective INTEGER NOT NULL,
    category_id TEXT NOT NULL,
    working_group_id TEXT NOT NULL,
    state TEXT NOT NULL,
    inputs INTEGER NOT NULL,
    PRIMARY KEY (consultation_id, objective, category_id, working_group_id, state)
) STRICT, WITHOUT ROWID;
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
-- What happened to an input. A step of the team has a day and a person, one of its contributor has neither.
CREATE TABLE input_events (
    input_id TEXT NOT NULL REFERENCES inputs (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id TEXT REFERENCES accounts (id),
    on_day TEXT,
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
-- The keys of a rapporteur's notes, so that what is sent twice is taken once. They go when the round is over.
CREATE TABLE input_notes (
    key_hash TEXT NOT NULL PRIMARY KEY,
    input_id TEXT NOT NULL REFERENCES inputs (id),
    laid_anew INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX input_notes_by_input ON input_notes (input_id);
