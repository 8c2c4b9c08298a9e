-- Who may register and when: one row per consultation; without one everybody may during the open call.
CREATE TABLE registration_rules (
    consultation_id TEXT NOT NULL PRIMARY KEY REFERENCES consultations (id),
    opens_at TEXT,
    closes_at TEXT,
    access TEXT NOT NULL,
    sector_capacities TEXT NOT NULL,
    organization_capacity INTEGER,
    acceptance_hours INTEGER,
    edit_until TEXT,
    hold_mail INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
-- Of a code only a keyed hash is kept.
CREATE TABLE access_codes (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    code_hash TEXT NOT NULL,
    label TEXT NOT NULL,
    most_uses INTEGER,
    uses INTEGER NOT NULL,
    expires_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX access_codes_by_hash ON access_codes (consultation_id, code_hash);
