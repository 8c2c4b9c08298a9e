-- An input's id and place are random and its day is all the time it keeps, so that nothing here lines up with an arrival.
CREATE TABLE inputs (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    place bigint NOT NULL,
    origin text NOT NULL,
    working_group_id uuid REFERENCES working_groups (id),
    round_id uuid REFERENCES rounds (id),
    category_id uuid NOT NULL REFERENCES input_categories (id),
    body text NOT NULL,
    language text NOT NULL,
    citations jsonb NOT NULL,
    state text NOT NULL,
    question text,
    reason text,
    submitted_on date NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX inputs_by_place ON inputs (consultation_id, place, id);
CREATE INDEX inputs_by_state ON inputs (consultation_id, state, place, id);
CREATE TABLE input_objectives (
    input_id uuid NOT NULL REFERENCES inputs (id),
    objective integer NOT NULL,
    PRIMARY KEY (input_id, objective)
);
CREATE INDEX input_objectives_by_objective ON input_objectives (objective, input_id);
-- The sealed link (ARCHITECTURE.md, rule 1). Read by the contributor's own view and by one audited permission, by nothing else.
CREATE TABLE input_attributions (
    input_id uuid NOT NULL PRIMARY KEY REFERENCES inputs (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    capacity text NOT NULL
);
CREATE INDEX input_attributions_by_account ON input_attributions (account_id, input_id);
