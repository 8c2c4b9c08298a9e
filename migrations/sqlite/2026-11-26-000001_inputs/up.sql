-- What an input says of itself grows: a translation, whom it is addressed to, how carefully it must be handled.
-- The table is made anew WITHOUT ROWID: SQLite numbers the rows of others as they come, and that would tell the order of arrival.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE inputs_before AS SELECT * FROM inputs;
DROP TABLE inputs;
CREATE TABLE inputs (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    place INTEGER NOT NULL,
    origin TEXT NOT NULL,
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
    submitted_on TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO inputs
SELECT id, consultation_id, place, origin, working_group_id, round_id, NULL, category_id, body, language, NULL, NULL, citations, '[]', 0, 0, 0,
    state, question, CASE WHEN reason IS NULL THEN NULL ELSE 'other' END, reason, NULL, 0, submitted_on, version
FROM inputs_before;
DROP TABLE inputs_before;
CREATE UNIQUE INDEX inputs_by_place_alone ON inputs (place);
CREATE INDEX inputs_by_place ON inputs (consultation_id, place, id);
CREATE INDEX inputs_by_state ON inputs (consultation_id, state, place, id);
CREATE INDEX inputs_by_group ON inputs (working_group_id, place, id);
CREATE INDEX inputs_by_category ON inputs (category_id, consultation_id, place, id);
-- What a list by objective is sorted and narrowed by stands beside the objective, so that it costs no more than what it shows.
CREATE TABLE input_objectives_before AS SELECT * FROM input_objectives;
DROP TABLE input_objectives;
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
INSERT INTO input_objectives
SELECT o.input_id, o.objective, i.consultation_id, i.category_id, coalesce(i.working_group_id, '00000000-0000-0000-0000-000000000000'), i.state, i.place
FROM input_objectives_before o JOIN inputs i ON i.id = o.input_id;
DROP TABLE input_objectives_before;
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
INSERT INTO input_counts
SELECT consultation_id, objective, category_id, working_group_id, state, count(*) FROM input_objectives
GROUP BY consultation_id, objective, category_id, working_group_id, state;
