-- What the form asks beyond the vetted facts, and where a registration came from.
ALTER TABLE registrations ADD COLUMN position TEXT;
ALTER TABLE registrations ADD COLUMN rounds TEXT;
ALTER TABLE registrations ADD COLUMN needs TEXT NOT NULL DEFAULT '{}';
ALTER TABLE registrations ADD COLUMN age_band TEXT;
ALTER TABLE registrations ADD COLUMN guardian TEXT;
ALTER TABLE registrations ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
ALTER TABLE registrations ADD COLUMN source TEXT NOT NULL DEFAULT 'open_link';
ALTER TABLE registrations ADD COLUMN invitation_id TEXT;
ALTER TABLE registrations ADD COLUMN accept_by TEXT;
