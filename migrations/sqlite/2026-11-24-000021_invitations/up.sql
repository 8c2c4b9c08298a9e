CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    email TEXT NOT NULL,
    name TEXT,
    organization_name TEXT,
    language TEXT,
    state TEXT NOT NULL,
    registration_id TEXT,
    reminders INTEGER NOT NULL,
    invited_at TEXT,
    opened_at TEXT,
    mailed_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (consultation_id, email)
) STRICT;
CREATE INDEX invitations_by_state ON invitations (consultation_id, state, id);
CREATE INDEX invitations_in_order ON invitations (consultation_id, id);
CREATE INDEX invitations_by_email ON invitations (email);
CREATE TABLE invitation_lists (
    invitation_id TEXT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    list TEXT NOT NULL,
    PRIMARY KEY (invitation_id, list)
) STRICT;
CREATE TABLE invitation_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    invitation_id TEXT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX invitation_tokens_by_invitation ON invitation_tokens (invitation_id);
