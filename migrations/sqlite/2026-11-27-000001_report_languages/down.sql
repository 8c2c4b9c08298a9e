ALTER TABLE reports DROP COLUMN figures;
ALTER TABLE reports DROP COLUMN original_language;
ALTER TABLE reports DROP COLUMN language;
