ALTER TABLE suggestion_comments DROP COLUMN author;
ALTER TABLE suggestions DROP COLUMN author;
