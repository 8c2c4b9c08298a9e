-- In which language a report is written, of which language it is, and whether charts stand in it.
ALTER TABLE reports ADD COLUMN language text NOT NULL DEFAULT 'en';
ALTER TABLE reports ADD COLUMN original_language text NOT NULL DEFAULT 'en';
ALTER TABLE reports ADD COLUMN figures boolean NOT NULL DEFAULT true;
