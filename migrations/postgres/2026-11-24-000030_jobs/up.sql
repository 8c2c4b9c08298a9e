-- Long work. What it works on stands apart, so that a list of jobs does not read whole files, and is deleted when it ends.
CREATE TABLE jobs (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    account_id uuid NOT NULL REFERENCES accounts (id),
    review_id uuid REFERENCES reviews (id),
    consultation_id uuid REFERENCES consultations (id),
    params jsonb NOT NULL,
    done bigint NOT NULL,
    total bigint,
    message text,
    result jsonb,
    problem jsonb,
    attempts integer NOT NULL,
    lease uuid,
    lease_until timestamptz,
    cancel_requested boolean NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
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
);
CREATE INDEX jobs_to_do ON jobs (state, id);
CREATE INDEX jobs_by_account ON jobs (account_id, id);
CREATE INDEX jobs_by_end ON jobs (ended_at);

CREATE TABLE job_payloads (
    job_id uuid NOT NULL PRIMARY KEY REFERENCES jobs (id),
    content bytea NOT NULL
);
