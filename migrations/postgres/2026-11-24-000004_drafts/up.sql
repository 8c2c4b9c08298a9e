-- What somebody has filled in so far, for an address that its link proves. Emptied once it is submitted.
CREATE TABLE registration_drafts (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    email text NOT NULL,
    form jsonb NOT NULL,
    access_code_id uuid REFERENCES access_codes (id) ON DELETE SET NULL,
    invitation_id uuid,
    registration_id uuid REFERENCES registrations (id),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
-- One open draft of an address for a consultation, whatever it is opened with.
CREATE UNIQUE INDEX registration_drafts_one_open ON registration_drafts (consultation_id, email)
    WHERE registration_id IS NULL;
CREATE INDEX registration_drafts_by_registration ON registration_drafts (registration_id);
CREATE INDEX registration_drafts_by_expiry ON registration_drafts (expires_at);
-- Every link that was mailed opens the same draft; of its token only a hash is kept.
CREATE TABLE draft_tokens (
    token_hash text NOT NULL PRIMARY KEY,
    draft_id uuid NOT NULL REFERENCES registration_drafts (id) ON DELETE CASCADE,
    email text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX draft_tokens_by_draft ON draft_tokens (draft_id);
CREATE INDEX draft_tokens_by_email ON draft_tokens (email, created_at);
-- Which guardian was asked for which registration; of the token only a hash is kept.
CREATE TABLE guardian_requests (
    token_hash text NOT NULL PRIMARY KEY,
    registration_id uuid NOT NULL REFERENCES registrations (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX guardian_requests_by_registration ON guardian_requests (registration_id);
-- What was consented to and what was withdrawn, in which wording, when.
CREATE TABLE consent_records (
    id uuid NOT NULL PRIMARY KEY,
    registration_id uuid NOT NULL REFERENCES registrations (id),
    kind text NOT NULL,
    wording text NOT NULL,
    given boolean NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX consent_records_by_registration ON consent_records (registration_id, recorded_at, id);
-- What had been consented to before records were kept.
INSERT INTO consent_records
SELECT gen_random_uuid(),
    one.id, kinds.kind, one.consents ->> 'version', TRUE, one.created_at
FROM registrations one
CROSS JOIN (
    SELECT 'processing' AS kind UNION ALL SELECT 'listed' UNION ALL SELECT 'recording'
    UNION ALL SELECT 'named_attribution'
) kinds
WHERE (one.consents ->> kinds.kind)::boolean;
