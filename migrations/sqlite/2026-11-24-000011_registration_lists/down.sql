DROP INDEX registrations_by_state_and_sector;
DROP INDEX registrations_waiting_in_order;
DROP INDEX registrations_by_source;
DROP INDEX registrations_by_organization;
DROP INDEX registrations_by_country;
DROP INDEX registrations_by_sector;
DROP INDEX registrations_in_order;
