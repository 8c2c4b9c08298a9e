ALTER TABLE reports DROP COLUMN heading_style;
ALTER TABLE reports DROP COLUMN masthead_notes;
