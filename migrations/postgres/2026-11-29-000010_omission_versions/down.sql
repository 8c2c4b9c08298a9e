ALTER TABLE report_omissions DROP COLUMN version;
