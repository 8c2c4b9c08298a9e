-- The steps of a consultation from phase to phase, and of a report from state to state: why, despite what, by whom.
CREATE TABLE lifecycle_steps (
    id TEXT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    despite TEXT NOT NULL,
    actor_id TEXT REFERENCES accounts (id),
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX lifecycle_steps_by_subject ON lifecycle_steps (subject_id, at);
CREATE INDEX lifecycle_steps_by_actor ON lifecycle_steps (actor_id);
-- No two reports carry the same symbol.
CREATE UNIQUE INDEX reports_symbol_unique ON reports (symbol);
