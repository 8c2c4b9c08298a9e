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
-- Only hashes of tokens are kept, and of times the day: nothing here tells when somebody was signed in. A sign-in that the audit
-- log is not told of at once is told to it with all others of its day, when that is over.
CREATE TABLE refresh_tokens (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    family_id uuid NOT NULL,
    token_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    to_audit boolean NOT NULL,
    way text NOT NULL,
    CONSTRAINT refresh_tokens_hash_unique UNIQUE (token_hash)
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_by_account ON refresh_tokens (account_id);
-- A link that was used is gone, unless it lasts: then it leads to a page of somebody who holds no role.
CREATE TABLE sign_in_links (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL,
    token_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leads_to text,
    lasts boolean NOT NULL,
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
-- Ids only; each row's hash covers the row before it, under a key that is not here. Rows are added at the end and stay as they are.
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
CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();
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
-- What a key of the instance must prove to be the one that this database was used with. The keys themselves are in no database.
CREATE TABLE key_proofs (
    name text NOT NULL PRIMARY KEY,
    proof text NOT NULL
);
