CREATE TABLE registrations (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    organization_id TEXT REFERENCES organizations (id),
    sector TEXT NOT NULL,
    country TEXT NOT NULL,
    gender TEXT,
    languages TEXT NOT NULL,
    preferences TEXT NOT NULL,
    consents TEXT NOT NULL,
    state TEXT NOT NULL,
    reason_code TEXT,
    note TEXT,
    waiting_number INTEGER,
    decided_by TEXT REFERENCES accounts (id),
    decided_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    -- As whom the secretariat registered them; without it they are known as their account is.
    person TEXT
) STRICT;
-- One active registration per person per consultation (ARCHITECTURE.md, rule 5).
CREATE UNIQUE INDEX registrations_one_active ON registrations (consultation_id, account_id)
    WHERE state NOT IN ('withdrawn', 'declined');
CREATE INDEX registrations_by_state ON registrations (consultation_id, state, id);
CREATE INDEX registrations_waiting ON registrations (consultation_id, waiting_number);
CREATE INDEX registrations_by_account ON registrations (account_id);
CREATE TABLE assignment_plans (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    state TEXT NOT NULL,
    seed INTEGER NOT NULL,
    placements TEXT NOT NULL,
    unmet TEXT NOT NULL,
    quality TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX assignment_plans_by_consultation ON assignment_plans (consultation_id, id);
CREATE TABLE assignments (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    plan_id TEXT NOT NULL REFERENCES assignment_plans (id),
    round_id TEXT NOT NULL REFERENCES rounds (id),
    registration_id TEXT NOT NULL REFERENCES registrations (id),
    working_group_id TEXT NOT NULL REFERENCES working_groups (id),
    CONSTRAINT assignments_one_group_a_round UNIQUE (round_id, registration_id)
) STRICT;
CREATE INDEX assignments_by_consultation ON assignments (consultation_id, id);
CREATE INDEX assignments_by_registration ON assignments (registration_id);
