-- Notes to lines of the first page of a report, marked by asterisks.
ALTER TABLE reports ADD COLUMN masthead_notes TEXT NOT NULL DEFAULT '[]';
