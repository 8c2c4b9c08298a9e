-- What the form asks beyond the vetted facts, and where a registration came from.
ALTER TABLE registrations ADD COLUMN position text;
ALTER TABLE registrations ADD COLUMN rounds jsonb;
ALTER TABLE registrations ADD COLUMN needs jsonb NOT NULL DEFAULT '{}';
ALTER TABLE registrations ADD COLUMN age_band text;
ALTER TABLE registrations ADD COLUMN guardian jsonb;
ALTER TABLE registrations ADD COLUMN answers jsonb NOT NULL DEFAULT '{}';
ALTER TABLE registrations ADD COLUMN source text NOT NULL DEFAULT 'open_link';
ALTER TABLE registrations ADD COLUMN invitation_id uuid;
ALTER TABLE registrations ADD COLUMN accept_by timestamptz;
