-- An input's id and place are random and it keeps no time: of a contribution by receipt only the window that it came in
-- (ARCHITECTURE.md, rule 1). Whose it is stands in no table.
CREATE TABLE inputs (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    place bigint NOT NULL,
    origin text NOT NULL,
    moment text,
    told_by text,
    organization_id uuid REFERENCES organizations (id),
    working_group_id uuid REFERENCES working_groups (id),
    round_id uuid REFERENCES rounds (id),
    session_id uuid REFERENCES sessions (id),
    category_id uuid NOT NULL REFERENCES input_categories (id),
    body text NOT NULL,
    language text NOT NULL,
    translation text,
    translation_language text,
    citations jsonb NOT NULL,
    addressees jsonb NOT NULL,
    testimony boolean NOT NULL,
    sensitive boolean NOT NULL,
    do_not_quote boolean NOT NULL,
    state text NOT NULL,
    question text,
    reason_code text,
    note text,
    first_reader_id uuid REFERENCES accounts (id),
    derived boolean NOT NULL,
    version bigint NOT NULL
);
CREATE UNIQUE INDEX inputs_by_place_alone ON inputs (place);
CREATE INDEX inputs_by_place ON inputs (consultation_id, place, id);
CREATE INDEX inputs_by_state ON inputs (consultation_id, state, place, id);
CREATE INDEX inputs_by_group ON inputs (working_group_id, place, id);
CREATE INDEX inputs_by_category ON inputs (category_id, consultation_id, place, id);
CREATE INDEX inputs_by_organization ON inputs (organization_id);
-- What a list by objective is sorted and narrowed by stands beside the objective, so that it costs no more than what it shows.
CREATE TABLE input_objectives (
    input_id uuid NOT NULL REFERENCES inputs (id),
    objective integer NOT NULL,
    consultation_id uuid NOT NULL,
    category_id uuid NOT NULL,
    working_group_id uuid NOT NULL,
    state text NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (input_id, objective)
);
CREATE INDEX input_objectives_by_place ON input_objectives (consultation_id, objective, place, input_id);
CREATE INDEX input_objectives_by_cell ON input_objectives (consultation_id, objective, category_id, state, place, input_id);
-- How many inputs are in each cell of the board. Kept in step by the same transaction that writes an input.
CREATE TABLE input_counts (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    objective integer NOT NULL,
    category_id uuid NOT NULL,
    working_group_id uuid NOT NULL,
    state text NOT NULL,
    inputs bigint NOT NULL,
    PRIMARY KEY (consultation_id, objective, category_id, working_group_id, state)
);
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
-- What happened to an input. A step of the team has a day and a person, one of its contributor has neither.
CREATE TABLE input_events (
    input_id uuid NOT NULL REFERENCES inputs (id),
    version bigint NOT NULL,
    kind text NOT NULL,
    actor_id uuid REFERENCES accounts (id),
    on_day date,
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
-- The keys of a rapporteur's notes, so that what is sent twice is taken once. They go when the round is over.
CREATE TABLE input_notes (
    key_hash text NOT NULL PRIMARY KEY,
    input_id uuid NOT NULL REFERENCES inputs (id),
    laid_anew boolean NOT NULL
);
CREATE INDEX input_notes_by_input ON input_notes (input_id);
