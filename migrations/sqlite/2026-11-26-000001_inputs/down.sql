PRAGMA defer_foreign_keys = ON;
CREATE TABLE inputs_after AS SELECT * FROM inputs;
CREATE TABLE input_objectives_after AS SELECT * FROM input_objectives;
DROP TABLE input_counts;
DROP TABLE input_objectives;
DROP TABLE inputs;
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
INSERT INTO inputs
SELECT id, consultation_id, place, origin, working_group_id, round_id, category_id, body, language, citations, state, question, note, submitted_on, version
FROM inputs_after;
DROP TABLE inputs_after;
CREATE INDEX inputs_by_place ON inputs (consultation_id, place, id);
CREATE INDEX inputs_by_state ON inputs (consultation_id, state, place, id);
CREATE TABLE input_objectives (
    input_id TEXT NOT NULL REFERENCES inputs (id),
    objective INTEGER NOT NULL,
    PRIMARY KEY (input_id, objective)
) STRICT;
INSERT INTO input_objectives SELECT input_id, objective FROM input_objectives_after;
DROP TABLE input_objectives_after;
CREATE INDEX input_objectives_by_objective ON input_objectives (objective, input_id);
