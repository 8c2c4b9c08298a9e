ALTER TABLE report_editions DROP COLUMN amendment;
ALTER TABLE reports DROP COLUMN amendment;
