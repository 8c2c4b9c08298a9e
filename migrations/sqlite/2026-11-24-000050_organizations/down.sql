DROP INDEX registrations_of_organization;
DROP TABLE organization_merges;
DROP TABLE vettings;
DROP TABLE organization_aliases;
DROP INDEX organizations_by_survivor;
ALTER TABLE organizations DROP COLUMN merged_into;
