DROP INDEX registrations_offered;
DROP TABLE registration_events;
