-- A file or a question from which lines were taken: a chat, captions, a document, answers to a question of the form.
CREATE TABLE input_sources (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    working_group_id TEXT REFERENCES working_groups (id),
    round_id TEXT REFERENCES rounds (id),
    session_id TEXT REFERENCES sessions (id),
    lines INTEGER NOT NULL,
    passed_over TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    imported_on TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT input_sources_once UNIQUE (consultation_id, sha256)
) STRICT, WITHOUT ROWID;
-- Lines that wait to be turned into inputs. Who spoke is not kept; which lines one voice spoke is sealed elsewhere.
CREATE TABLE input_lines (
    id TEXT NOT NULL PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES input_sources (id),
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    under TEXT NOT NULL,
    notes TEXT NOT NULL,
    part INTEGER,
    parts INTEGER,
    state TEXT NOT NULL,
    input_id TEXT REFERENCES inputs (id),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX input_lines_by_source ON input_lines (source_id, position);
CREATE INDEX input_lines_by_state ON input_lines (source_id, state, position);
CREATE INDEX input_lines_by_input ON input_lines (input_id);
