-- What the secretariat says about assignments: one row per consultation; without one the usual weights hold and nothing else.
-- Registrations, rounds and groups stand in it by id only.
CREATE TABLE assignment_rules (
    consultation_id TEXT NOT NULL PRIMARY KEY REFERENCES consultations (id),
    weights TEXT NOT NULL,
    listed_sectors TEXT NOT NULL,
    limits TEXT NOT NULL,
    pins TEXT NOT NULL,
    together TEXT NOT NULL,
    apart TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
