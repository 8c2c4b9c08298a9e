-- The reason why something is left out of a report can be changed.
ALTER TABLE report_omissions ADD COLUMN version bigint NOT NULL DEFAULT 1;
