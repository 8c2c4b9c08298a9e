-- Accounts, what they may do, and how they prove who they are.
CREATE TABLE accounts (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text,
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT accounts_email_unique UNIQUE (email)
);
-- The instance itself is the nil id. made_by: who could have given this role without anybody else, as it was then.
CREATE TABLE grants (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    role text NOT NULL,
    scope_kind text NOT NULL,
    scope_id uuid NOT NULL,
    granted_by uuid REFERENCES accounts (id),
    confirmed_by uuid REFERENCES accounts (id),
    made_by jsonb NOT NULL,
    organization_id uuid,
    name text,
    created_at timestamptz NOT NULL,
    CONSTRAINT grants_once UNIQUE (account_id, role, scope_kind, scope_id)
);
CREATE INDEX grants_by_scope ON grants (scope_kind, scope_id);
-- Only hashes of tokens are kept.
CREATE TABLE refresh_tokens (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    family_id uuid NOT NULL,
    token_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT refresh_tokens_hash_unique UNIQUE (token_hash)
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_by_account ON refresh_tokens (account_id);
CREATE TABLE sign_in_links (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL,
    token_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT sign_in_links_hash_unique UNIQUE (token_hash)
);
-- What a retried POST is answered with. The key is a keyed hash: a row alone does not tell whose request it was.
CREATE TABLE idempotency_keys (
    key_hash text NOT NULL PRIMARY KEY,
    fingerprint text NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
-- Ids only; each row's hash covers the row before it.
CREATE TABLE audit_log (
    sequence bigint NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    details jsonb NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL
);
CREATE INDEX audit_log_by_subject ON audit_log (subject_id);
CREATE TABLE outbox_mails (
    id uuid NOT NULL PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    template text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX outbox_mails_due ON outbox_mails (state, next_attempt_at);
