-- In which language a report is written, of which language it is, and whether charts stand in it.
ALTER TABLE reports ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
ALTER TABLE reports ADD COLUMN original_language TEXT NOT NULL DEFAULT 'en';
ALTER TABLE reports ADD COLUMN figures INTEGER NOT NULL DEFAULT 1;
