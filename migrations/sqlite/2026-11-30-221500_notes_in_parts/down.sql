ALTER TABLE input_notes ADD COLUMN laid_anew INTEGER NOT NULL DEFAULT 0;
UPDATE input_notes SET laid_anew = 1 WHERE laid > 0;
ALTER TABLE input_notes DROP COLUMN laid;
