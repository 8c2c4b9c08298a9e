-- Long work. What it works on stands apart, so that a list of jobs does not read whole files, and is deleted when it ends.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    review_id TEXT REFERENCES reviews (id),
    consultation_id TEXT REFERENCES consultations (id),
    params TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER,
    message TEXT,
    result TEXT,
    problem TEXT,
    attempts INTEGER NOT NULL,
    lease TEXT,
    lease_until TEXT,
    cancel_requested INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT,
    CHECK ((state = 'running') = (lease IS NOT NULL)),
    CHECK ((lease IS NULL) = (lease_until IS NULL)),
    CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    CHECK ((attempts = 0) = (started_at IS NULL)),
    CHECK (attempts > 0 OR state IN ('queued', 'cancelled')),
    CHECK (message IS NULL OR state = 'running'),
    CHECK (result IS NULL OR state = 'done'),
    CHECK (problem IS NULL OR state = 'failed'),
    CHECK (state <> 'queued' OR (done = 0 AND total IS NULL)),
    CHECK (state NOT IN ('queued', 'failed') OR NOT cancel_requested),
    CHECK (state <> 'cancelled' OR cancel_requested)
) STRICT;
CREATE INDEX jobs_to_do ON jobs (state, id);
CREATE INDEX jobs_by_account ON jobs (account_id, id);
CREATE INDEX jobs_by_end ON jobs (ended_at);

CREATE TABLE job_payloads (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id),
    content BLOB NOT NULL
) STRICT;
