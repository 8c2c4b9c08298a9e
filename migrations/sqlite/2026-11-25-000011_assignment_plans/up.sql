-- How a plan came about, by which rules, and which plan was in force when it was made: it is applied over no other one
-- unless somebody says so. A plan from before this was made by the usual rules and over none.
ALTER TABLE assignment_plans ADD COLUMN origin TEXT NOT NULL DEFAULT 'solved';
ALTER TABLE assignment_plans ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE assignment_plans ADD COLUMN search TEXT NOT NULL DEFAULT '{}';
ALTER TABLE assignment_plans ADD COLUMN clashes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE assignment_plans ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment_plans ADD COLUMN based_on TEXT REFERENCES assignment_plans (id);
ALTER TABLE assignment_plans ADD COLUMN based_on_version INTEGER;
