ALTER TABLE reports DROP COLUMN masthead_notes;
