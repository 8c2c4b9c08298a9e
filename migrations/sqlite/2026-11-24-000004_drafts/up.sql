-- What somebody has filled in so far, for an address that its link proves. Emptied once it is submitted.
CREATE TABLE registration_drafts (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    email TEXT NOT NULL,
    form TEXT NOT NULL,
    access_code_id TEXT REFERENCES access_codes (id) ON DELETE SET NULL,
    invitation_id TEXT,
    registration_id TEXT REFERENCES registrations (id),
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
-- One open draft of an address for a consultation, whatever it is opened with.
CREATE UNIQUE INDEX registration_drafts_one_open ON registration_drafts (consultation_id, email)
    WHERE registration_id IS NULL;
CREATE INDEX registration_drafts_by_registration ON registration_drafts (registration_id);
CREATE INDEX registration_drafts_by_expiry ON registration_drafts (expires_at);
-- Every link that was mailed opens the same draft; of its token only a hash is kept.
CREATE TABLE draft_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    draft_id TEXT NOT NULL REFERENCES registration_drafts (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX draft_tokens_by_draft ON draft_tokens (draft_id);
CREATE INDEX draft_tokens_by_email ON draft_tokens (email, created_at);
-- Which guardian was asked for which registration; of the token only a hash is kept.
CREATE TABLE guardian_requests (
    token_hash TEXT NOT NULL PRIMARY KEY,
    registration_id TEXT NOT NULL REFERENCES registrations (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX guardian_requests_by_registration ON guardian_requests (registration_id);
-- What was consented to and what was withdrawn, in which wording, when.
CREATE TABLE consent_records (
    id TEXT NOT NULL PRIMARY KEY,
    registration_id TEXT NOT NULL REFERENCES registrations (id),
    kind TEXT NOT NULL,
    wording TEXT NOT NULL,
    given INTEGER NOT NULL,
    recorded_at TEXT NOT NULL
) STRICT;
CREATE INDEX consent_records_by_registration ON consent_records (registration_id, recorded_at, id);
-- What had been consented to before records were kept.
INSERT INTO consent_records
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
    one.id, kinds.kind, json_extract(one.consents, '$.version'), 1, one.created_at
FROM registrations one
CROSS JOIN (
    SELECT 'processing' AS kind UNION ALL SELECT 'listed' UNION ALL SELECT 'recording'
    UNION ALL SELECT 'named_attribution'
) kinds
WHERE json_extract(one.consents, '$.' || kinds.kind) = 1;
