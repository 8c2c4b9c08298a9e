-- What lists are in the order of, with what they are narrowed by in front; and what tells somebody what is held about them.
DROP INDEX organizations_by_survivor;
CREATE INDEX organizations_in_order ON organizations (merged_into, normalized_name, id);
DROP INDEX registrations_by_account;
CREATE INDEX registrations_by_account ON registrations (account_id, id);
CREATE INDEX registrations_with_guardian ON registrations (id) WHERE guardian IS NOT NULL;
CREATE INDEX inputs_by_language ON inputs (consultation_id, language, place, id);
CREATE INDEX outbox_mails_by_state ON outbox_mails (state, id);
CREATE INDEX announcements_by_maker ON announcements (made_by);
CREATE INDEX attendances_by_email ON attendances (email);
