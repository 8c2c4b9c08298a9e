DROP TABLE key_proofs;
DROP TABLE outbox_mails;
DROP TABLE audit_log;
DROP TABLE idempotency_keys;
DROP TABLE sign_in_links;
DROP TABLE refresh_tokens;
DROP TABLE grants;
DROP TABLE accounts;
