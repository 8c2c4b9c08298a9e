DROP INDEX accounts_by_survivor;
ALTER TABLE accounts DROP COLUMN merged_into;
