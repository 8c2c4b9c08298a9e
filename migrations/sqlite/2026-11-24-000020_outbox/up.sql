-- A secret stands apart from the text from now on. A sign-in link that waits has it in its text, and is short-lived.
UPDATE outbox_mails SET state = 'cancelled', body = '' WHERE template = 'sign_in_link' AND state <> 'sent';
ALTER TABLE outbox_mails ADD COLUMN html TEXT;
ALTER TABLE outbox_mails ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
ALTER TABLE outbox_mails ADD COLUMN secret TEXT;
ALTER TABLE outbox_mails ADD COLUMN consultation_id TEXT;
ALTER TABLE outbox_mails ADD COLUMN subject_kind TEXT;
ALTER TABLE outbox_mails ADD COLUMN subject_id TEXT;
ALTER TABLE outbox_mails ADD COLUMN claimed_until TEXT;
ALTER TABLE outbox_mails ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX outbox_mails_by_consultation ON outbox_mails (consultation_id, id);
CREATE INDEX outbox_mails_by_recipient ON outbox_mails (recipient, id);
CREATE INDEX outbox_mails_by_subject ON outbox_mails (subject_id);
ALTER TABLE accounts ADD COLUMN language TEXT;
