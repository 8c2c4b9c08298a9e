-- How far a note has come on the way to lying in no order (`inputs::notes`): it is laid anew in parts, and table by table.
ALTER TABLE input_notes ADD COLUMN laid INTEGER NOT NULL DEFAULT 0;
UPDATE input_notes SET laid = 1 WHERE laid_anew = 1;
ALTER TABLE input_notes DROP COLUMN laid_anew;
