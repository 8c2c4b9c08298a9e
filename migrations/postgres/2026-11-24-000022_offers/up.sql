CREATE TABLE co_organizing_offers (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL,
    motivation text NOT NULL,
    state text NOT NULL,
    reason_code text,
    note text,
    decided_by uuid,
    decided_at timestamptz,
    co_organizer_id uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX co_organizing_offers_open
    ON co_organizing_offers (consultation_id, organization_id, account_id) WHERE state = 'submitted';
CREATE INDEX co_organizing_offers_in_order ON co_organizing_offers (consultation_id, id);
CREATE INDEX co_organizing_offers_by_account ON co_organizing_offers (account_id);
CREATE INDEX co_organizing_offers_by_organization ON co_organizing_offers (organization_id);
