CREATE TABLE registrations (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    organization_id uuid REFERENCES organizations (id),
    sector text NOT NULL,
    country text NOT NULL,
    gender text,
    languages jsonb NOT NULL,
    preferences jsonb NOT NULL,
    consents jsonb NOT NULL,
    state text NOT NULL,
    reason_code text,
    note text,
    waiting_number bigint,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- As whom the secretariat registered them; without it they are known as their account is.
    person jsonb
);
-- One active registration per person per consultation (ARCHITECTURE.md, rule 5).
CREATE UNIQUE INDEX registrations_one_active ON registrations (consultation_id, account_id)
    WHERE state NOT IN ('withdrawn', 'declined');
CREATE INDEX registrations_by_state ON registrations (consultation_id, state, id);
CREATE INDEX registrations_waiting ON registrations (consultation_id, waiting_number);
CREATE INDEX registrations_by_account ON registrations (account_id);
CREATE TABLE assignment_plans (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    state text NOT NULL,
    seed bigint NOT NULL,
    placements jsonb NOT NULL,
    unmet jsonb NOT NULL,
    quality jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX assignment_plans_by_consultation ON assignment_plans (consultation_id, id);
CREATE TABLE assignments (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    plan_id uuid NOT NULL REFERENCES assignment_plans (id),
    round_id uuid NOT NULL REFERENCES rounds (id),
    registration_id uuid NOT NULL REFERENCES registrations (id),
    working_group_id uuid NOT NULL REFERENCES working_groups (id),
    CONSTRAINT assignments_one_group_a_round UNIQUE (round_id, registration_id)
);
CREATE INDEX assignments_by_consultation ON assignments (consultation_id, id);
CREATE INDEX assignments_by_registration ON assignments (registration_id);
