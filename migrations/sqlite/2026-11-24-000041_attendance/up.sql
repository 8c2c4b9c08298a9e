-- Who was in which session. No moment is kept, only the day, and the ids are random: nothing here lines up with the
-- arrival of inputs (Chatham House Rule).
CREATE TABLE attendances (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    session_id TEXT NOT NULL REFERENCES sessions (id),
    working_group_id TEXT REFERENCES working_groups (id),
    registration_id TEXT REFERENCES registrations (id),
    -- Who it is, for being recorded once: the registration, else the address, else the name.
    person_key TEXT NOT NULL,
    name TEXT,
    email TEXT,
    standing TEXT,
    method TEXT NOT NULL,
    minutes INTEGER,
    held_on TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT attendances_once UNIQUE (session_id, person_key)
) STRICT;
CREATE INDEX attendances_by_session ON attendances (session_id, id);
CREATE INDEX attendances_by_consultation ON attendances (consultation_id, id);
CREATE INDEX attendances_by_registration ON attendances (registration_id);
-- One code at a time for a session, or for a working group in it.
CREATE TABLE check_in_codes (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    working_group_id TEXT REFERENCES working_groups (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL
) STRICT;
CREATE INDEX check_in_codes_by_session ON check_in_codes (session_id);
