-- What became of a registration, step by step: every choice can be explained.
CREATE TABLE registration_events (
    id uuid NOT NULL PRIMARY KEY,
    registration_id uuid NOT NULL REFERENCES registrations (id),
    kind text NOT NULL,
    state text NOT NULL,
    done_by text NOT NULL,
    account_id uuid REFERENCES accounts (id),
    reason_code text,
    note text,
    waiting_number bigint,
    accept_by timestamptz,
    lacking text,
    at timestamptz NOT NULL
);
CREATE INDEX registration_events_by_registration ON registration_events (registration_id, at, id);
CREATE INDEX registration_events_by_account ON registration_events (account_id);
-- Registrations that are there already: that they were submitted, and what was decided last.
INSERT INTO registration_events (id, registration_id, kind, state, done_by, at)
SELECT id, id, 'submitted', 'submitted', 'person', created_at FROM registrations;
INSERT INTO registration_events (id, registration_id, kind, state, done_by, account_id, reason_code, note, waiting_number, at)
SELECT gen_random_uuid(),
    id, state, state, CASE WHEN state = 'withdrawn' THEN 'person' WHEN decided_by IS NULL THEN 'rule' ELSE 'secretariat' END,
    CASE WHEN state = 'withdrawn' THEN NULL ELSE decided_by END, reason_code, note, waiting_number,
    CASE WHEN state = 'withdrawn' THEN updated_at ELSE COALESCE(decided_at, updated_at) END
FROM registrations WHERE state <> 'submitted';
-- Offers whose time has run out.
CREATE INDEX registrations_offered ON registrations (accept_by);
