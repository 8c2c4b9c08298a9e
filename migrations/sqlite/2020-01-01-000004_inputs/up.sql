-- An input's id and place are random and its day is all the time it keeps, so that nothing here lines up with an arrival.
CREATE TABLE inputs (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    place INTEGER NOT NULL,
    origin TEXT NOT NULL,
    working_group_id TEXT REFERENCES working_groups (id),
    round_id TEXT REFERENCES rounds (id),
    category_id TEXT NOT NULL REFERENCES input_categories (id),
    body TEXT NOT NULL,
    language TEXT NOT NULL,
    citations TEXT NOT NULL,
    state TEXT NOT NULL,
    question TEXT,
    reason TEXT,
    submitted_on TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX inputs_by_place ON inputs (consultation_id, place, id);
CREATE INDEX inputs_by_state ON inputs (consultation_id, state, place, id);
CREATE TABLE input_objectives (
    input_id TEXT NOT NULL REFERENCES inputs (id),
    objective INTEGER NOT NULL,
    PRIMARY KEY (input_id, objective)
) STRICT;
CREATE INDEX input_objectives_by_objective ON input_objectives (objective, input_id);
-- The sealed link (ARCHITECTURE.md, rule 1). Read by the contributor's own view and by one audited permission, by nothing else.
CREATE TABLE input_attributions (
    input_id TEXT NOT NULL PRIMARY KEY REFERENCES inputs (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    capacity TEXT NOT NULL
) STRICT;
CREATE INDEX input_attributions_by_account ON input_attributions (account_id, input_id);
