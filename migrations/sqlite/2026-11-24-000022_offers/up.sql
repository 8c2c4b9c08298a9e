CREATE TABLE co_organizing_offers (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    motivation TEXT NOT NULL,
    state TEXT NOT NULL,
    reason_code TEXT,
    note TEXT,
    decided_by TEXT,
    decided_at TEXT,
    co_organizer_id TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX co_organizing_offers_open
    ON co_organizing_offers (consultation_id, organization_id, account_id) WHERE state = 'submitted';
CREATE INDEX co_organizing_offers_in_order ON co_organizing_offers (consultation_id, id);
CREATE INDEX co_organizing_offers_by_account ON co_organizing_offers (account_id);
CREATE INDEX co_organizing_offers_by_organization ON co_organizing_offers (organization_id);
