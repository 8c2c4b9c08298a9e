-- Objections to a declined registration or organization, with their answers. `decided_at` says which decision is meant.
CREATE TABLE appeals (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    registration_id uuid REFERENCES registrations (id),
    organization_id uuid REFERENCES organizations (id),
    consultation_id uuid REFERENCES consultations (id),
    review_id uuid REFERENCES reviews (id),
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    body text NOT NULL,
    state text NOT NULL,
    answer text,
    answered_by uuid REFERENCES accounts (id),
    answered_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX appeals_by_state ON appeals (state, id);
CREATE INDEX appeals_by_account ON appeals (account_id, id);
CREATE INDEX appeals_by_registration ON appeals (registration_id);
CREATE INDEX appeals_by_organization ON appeals (organization_id);
