-- How far a note has come on the way to lying in no order (`inputs::notes`): it is laid anew in parts, and table by table.
ALTER TABLE input_notes ALTER COLUMN laid_anew TYPE integer USING laid_anew::integer;
ALTER TABLE input_notes RENAME COLUMN laid_anew TO laid;
