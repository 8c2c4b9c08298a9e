ALTER TABLE hearings DROP COLUMN named;
ALTER TABLE clearance_texts DROP COLUMN named;
