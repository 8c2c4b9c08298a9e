DROP INDEX registrations_by_person_mailbox_key;
DROP INDEX registrations_by_person_name_key;
DROP INDEX accounts_by_mailbox_key;
DROP INDEX accounts_by_name_key;
ALTER TABLE registrations DROP COLUMN person_mailbox_key;
ALTER TABLE registrations DROP COLUMN person_name_key;
ALTER TABLE accounts DROP COLUMN mailbox_key;
ALTER TABLE accounts DROP COLUMN name_key;
