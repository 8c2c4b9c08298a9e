CREATE TABLE invitations (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    email text NOT NULL,
    name text,
    organization_name text,
    language text,
    state text NOT NULL,
    registration_id uuid,
    reminders integer NOT NULL,
    invited_at timestamptz,
    opened_at timestamptz,
    mailed_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (consultation_id, email)
);
CREATE INDEX invitations_by_state ON invitations (consultation_id, state, id);
CREATE INDEX invitations_in_order ON invitations (consultation_id, id);
CREATE INDEX invitations_by_email ON invitations (email);
CREATE TABLE invitation_lists (
    invitation_id uuid NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    list text NOT NULL,
    PRIMARY KEY (invitation_id, list)
);
CREATE TABLE invitation_tokens (
    token_hash text NOT NULL PRIMARY KEY,
    invitation_id uuid NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
CREATE INDEX invitation_tokens_by_invitation ON invitation_tokens (invitation_id);
