-- What somebody of the team would have a paragraph say instead. Nothing refers to paragraphs: a suggestion outlives what it is on.
CREATE TABLE suggestions (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    paragraph_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_from INTEGER NOT NULL,
    text TEXT,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    made_by TEXT REFERENCES accounts (id),
    made_at TEXT NOT NULL,
    decided_by TEXT REFERENCES accounts (id),
    decided_at TEXT,
    reason TEXT
) STRICT;
CREATE INDEX suggestions_by_report ON suggestions (report_id, state, id);
CREATE INDEX suggestions_by_paragraph ON suggestions (paragraph_id);
CREATE INDEX suggestions_by_maker ON suggestions (made_by);
CREATE INDEX suggestions_by_decider ON suggestions (decided_by);
CREATE TABLE suggestion_comments (
    id TEXT NOT NULL PRIMARY KEY,
    suggestion_id TEXT NOT NULL REFERENCES suggestions (id),
    text TEXT NOT NULL,
    said_by TEXT REFERENCES accounts (id),
    said_at TEXT NOT NULL
) STRICT;
CREATE INDEX suggestion_comments_by_suggestion ON suggestion_comments (suggestion_id, id);
CREATE INDEX suggestion_comments_by_account ON suggestion_comments (said_by);
