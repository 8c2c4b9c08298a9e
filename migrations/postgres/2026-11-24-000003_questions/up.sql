-- The questions of a consultation's pre-questionnaire.
CREATE TABLE questions (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    code text NOT NULL,
    kind text NOT NULL,
    position integer NOT NULL,
    wording jsonb NOT NULL,
    options jsonb NOT NULL,
    limits jsonb NOT NULL,
    required boolean NOT NULL,
    required_from timestamptz,
    frozen_from timestamptz,
    purpose text NOT NULL,
    legal_basis text NOT NULL,
    retention text NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX questions_by_code ON questions (consultation_id, code);
CREATE INDEX questions_in_order ON questions (consultation_id, position, id);
