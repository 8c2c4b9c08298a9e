-- What somebody of the team would have a paragraph say instead. Nothing refers to paragraphs: a suggestion outlives what it is on.
CREATE TABLE suggestions (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    paragraph_id uuid NOT NULL,
    kind text NOT NULL,
    made_from bigint NOT NULL,
    text text,
    state text NOT NULL,
    version bigint NOT NULL,
    made_by uuid REFERENCES accounts (id),
    made_at timestamptz NOT NULL,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    reason text
);
CREATE INDEX suggestions_by_report ON suggestions (report_id, state, id);
CREATE INDEX suggestions_by_paragraph ON suggestions (paragraph_id);
CREATE INDEX suggestions_by_maker ON suggestions (made_by);
CREATE INDEX suggestions_by_decider ON suggestions (decided_by);
CREATE TABLE suggestion_comments (
    id uuid NOT NULL PRIMARY KEY,
    suggestion_id uuid NOT NULL REFERENCES suggestions (id),
    text text NOT NULL,
    said_by uuid REFERENCES accounts (id),
    said_at timestamptz NOT NULL
);
CREATE INDEX suggestion_comments_by_suggestion ON suggestion_comments (suggestion_id, id);
CREATE INDEX suggestion_comments_by_account ON suggestion_comments (said_by);
