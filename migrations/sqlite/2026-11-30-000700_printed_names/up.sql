-- Whom a frozen text prints by name, so that exactly they are left out of it when they are erased.
ALTER TABLE clearance_texts ADD COLUMN named TEXT NOT NULL DEFAULT '[]';
ALTER TABLE hearings ADD COLUMN named TEXT NOT NULL DEFAULT '[]';
