-- Accounts, what they may do, and how they prove who they are.
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    active INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT accounts_email_unique UNIQUE (email)
) STRICT;
-- The instance itself is the nil id. made_by: who could have given this role without anybody else, as it was then.
CREATE TABLE grants (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    granted_by TEXT REFERENCES accounts (id),
    confirmed_by TEXT REFERENCES accounts (id),
    made_by TEXT NOT NULL,
    organization_id TEXT,
    name TEXT,
    created_at TEXT NOT NULL,
    CONSTRAINT grants_once UNIQUE (account_id, role, scope_kind, scope_id)
) STRICT;
CREATE INDEX grants_by_scope ON grants (scope_kind, scope_id);
-- Only hashes of tokens are kept, and of times the day: nothing here tells when somebody was signed in, not even the order of rows
-- in the file, which is that of their random ids. A sign-in that the audit log is not told of at once is told to it with all others
-- of its day, when that is over.
CREATE TABLE refresh_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    family_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    revoked_at TEXT,
    to_audit INTEGER NOT NULL,
    way TEXT NOT NULL,
    CONSTRAINT refresh_tokens_hash_unique UNIQUE (token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_by_account ON refresh_tokens (account_id);
-- A link that was used is gone, unless it lasts: then it leads to a page of somebody who holds no role.
CREATE TABLE sign_in_links (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    leads_to TEXT,
    lasts INTEGER NOT NULL,
    CONSTRAINT sign_in_links_hash_unique UNIQUE (token_hash)
) STRICT, WITHOUT ROWID;
-- What a retried POST is answered with. The key is a keyed hash: a row alone does not tell whose request it was.
CREATE TABLE idempotency_keys (
    key_hash TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
-- Ids only; each row's hash covers the row before it, under a key that is not here. Rows are added at the end and stay as they are.
CREATE TABLE audit_log (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor_id TEXT,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_subject ON audit_log (subject_id);
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_is_not_shortened BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- INSERT OR REPLACE would delete without the trigger above.
CREATE TRIGGER audit_log_grows_at_its_end BEFORE INSERT ON audit_log
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_log)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TABLE outbox_mails (
    id TEXT NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    template TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT NOT NULL,
    last_error TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT
) STRICT;
CREATE INDEX outbox_mails_due ON outbox_mails (state, next_attempt_at);
-- What a key of the instance must prove to be the one that this database was used with. The keys themselves are in no database.
CREATE TABLE key_proofs (
    name TEXT NOT NULL PRIMARY KEY,
    proof TEXT NOT NULL
) STRICT, WITHOUT ROWID;
