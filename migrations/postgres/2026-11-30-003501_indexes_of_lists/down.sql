DROP INDEX attendances_by_email;
DROP INDEX announcements_by_maker;
DROP INDEX outbox_mails_by_state;
DROP INDEX inputs_by_language;
DROP INDEX registrations_with_guardian;
DROP INDEX registrations_by_account;
CREATE INDEX registrations_by_account ON registrations (account_id);
DROP INDEX organizations_in_order;
CREATE INDEX organizations_by_survivor ON organizations (merged_into);
