-- Objections to a declined registration or organization, with their answers. `decided_at` says which decision is meant.
CREATE TABLE appeals (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    registration_id TEXT REFERENCES registrations (id),
    organization_id TEXT REFERENCES organizations (id),
    consultation_id TEXT REFERENCES consultations (id),
    review_id TEXT REFERENCES reviews (id),
    decided_by TEXT REFERENCES accounts (id),
    decided_at TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    answered_by TEXT REFERENCES accounts (id),
    answered_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX appeals_by_state ON appeals (state, id);
CREATE INDEX appeals_by_account ON appeals (account_id, id);
CREATE INDEX appeals_by_registration ON appeals (registration_id);
CREATE INDEX appeals_by_organization ON appeals (organization_id);
