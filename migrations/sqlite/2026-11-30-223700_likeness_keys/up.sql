-- By what accounts that may be one person's are found: names and addresses without what people write differently. Null where it was not worked
-- out yet, empty where there is none.
ALTER TABLE accounts ADD COLUMN name_key TEXT;
ALTER TABLE accounts ADD COLUMN mailbox_key TEXT;
ALTER TABLE registrations ADD COLUMN person_name_key TEXT;
ALTER TABLE registrations ADD COLUMN person_mailbox_key TEXT;
CREATE INDEX accounts_by_name_key ON accounts (name_key);
CREATE INDEX accounts_by_mailbox_key ON accounts (mailbox_key);
CREATE INDEX registrations_by_person_name_key ON registrations (person_name_key, account_id) WHERE person_name_key IS NOT NULL;
CREATE INDEX registrations_by_person_mailbox_key ON registrations (person_mailbox_key, account_id) WHERE person_mailbox_key IS NOT NULL;
