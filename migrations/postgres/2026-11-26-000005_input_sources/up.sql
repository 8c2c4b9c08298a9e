-- A file or a question from which lines were taken: a chat, captions, a document, answers to a question of the form.
CREATE TABLE input_sources (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    kind text NOT NULL,
    title text NOT NULL,
    language text NOT NULL,
    working_group_id uuid REFERENCES working_groups (id),
    round_id uuid REFERENCES rounds (id),
    session_id uuid REFERENCES sessions (id),
    lines integer NOT NULL,
    passed_over jsonb NOT NULL,
    sha256 text NOT NULL,
    imported_on date NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT input_sources_once UNIQUE (consultation_id, sha256)
);
-- Lines that wait to be turned into inputs. Who spoke is not kept; which lines one voice spoke is sealed elsewhere.
CREATE TABLE input_lines (
    id uuid NOT NULL PRIMARY KEY,
    source_id uuid NOT NULL REFERENCES input_sources (id),
    position integer NOT NULL,
    body text NOT NULL,
    under jsonb NOT NULL,
    notes jsonb NOT NULL,
    part integer,
    parts integer,
    state text NOT NULL,
    input_id uuid REFERENCES inputs (id),
    version bigint NOT NULL
);
CREATE UNIQUE INDEX input_lines_by_source ON input_lines (source_id, position);
CREATE INDEX input_lines_by_state ON input_lines (source_id, state, position);
CREATE INDEX input_lines_by_input ON input_lines (input_id);
