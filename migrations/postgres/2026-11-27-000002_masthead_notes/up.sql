-- Notes to lines of the first page of a report, marked by asterisks.
ALTER TABLE reports ADD COLUMN masthead_notes jsonb NOT NULL DEFAULT '[]';
