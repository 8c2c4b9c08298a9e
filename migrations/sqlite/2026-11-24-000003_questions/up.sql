-- The questions of a consultation's pre-questionnaire.
CREATE TABLE questions (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    wording TEXT NOT NULL,
    options TEXT NOT NULL,
    limits TEXT NOT NULL,
    required INTEGER NOT NULL,
    required_from TEXT,
    frozen_from TEXT,
    purpose TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    retention TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX questions_by_code ON questions (consultation_id, code);
CREATE INDEX questions_in_order ON questions (consultation_id, position, id);
