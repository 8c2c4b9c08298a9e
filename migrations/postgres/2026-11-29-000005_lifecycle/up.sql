-- The steps of a consultation from phase to phase, and of a report from state to state: why, despite what, by whom.
CREATE TABLE lifecycle_steps (
    id uuid NOT NULL PRIMARY KEY,
    subject_id uuid NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    reason text,
    despite jsonb NOT NULL,
    actor_id uuid REFERENCES accounts (id),
    at timestamptz NOT NULL
);
CREATE INDEX lifecycle_steps_by_subject ON lifecycle_steps (subject_id, at);
CREATE INDEX lifecycle_steps_by_actor ON lifecycle_steps (actor_id);
-- No two reports carry the same symbol.
CREATE UNIQUE INDEX reports_symbol_unique ON reports (symbol);
