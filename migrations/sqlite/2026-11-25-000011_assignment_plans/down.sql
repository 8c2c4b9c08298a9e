ALTER TABLE assignment_plans DROP COLUMN based_on_version;
ALTER TABLE assignment_plans DROP COLUMN based_on;
ALTER TABLE assignment_plans DROP COLUMN edits;
ALTER TABLE assignment_plans DROP COLUMN clashes;
ALTER TABLE assignment_plans DROP COLUMN search;
ALTER TABLE assignment_plans DROP COLUMN rules;
ALTER TABLE assignment_plans DROP COLUMN origin;
