ALTER TABLE input_notes RENAME COLUMN laid TO laid_anew;
ALTER TABLE input_notes ALTER COLUMN laid_anew TYPE boolean USING laid_anew > 0;
