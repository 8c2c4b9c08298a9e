-- Lists in the order of submission, whatever they are filtered by, at the same cost however long they are; the same
-- indexes count who holds a place by sector and by organization.
CREATE INDEX registrations_in_order ON registrations (consultation_id, id);
CREATE INDEX registrations_by_sector ON registrations (consultation_id, sector, id);
CREATE INDEX registrations_by_country ON registrations (consultation_id, country, id);
CREATE INDEX registrations_by_organization ON registrations (consultation_id, organization_id, id);
CREATE INDEX registrations_by_source ON registrations (consultation_id, source, id);
CREATE INDEX registrations_waiting_in_order ON registrations (consultation_id, state, waiting_number, id);
CREATE INDEX registrations_by_state_and_sector ON registrations (consultation_id, state, sector, id);
