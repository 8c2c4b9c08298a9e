DELETE FROM announcements WHERE kind = 'draft_open';
ALTER TABLE announcements DROP COLUMN until;
DROP TABLE observation_marks;
DROP TABLE observations;
DROP TABLE hearings;
