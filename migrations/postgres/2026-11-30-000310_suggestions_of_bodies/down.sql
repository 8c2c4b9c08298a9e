DROP INDEX suggestions_by_party;
ALTER TABLE suggestions DROP COLUMN released_at;
ALTER TABLE suggestions DROP COLUMN party_id;
