-- Who was in which session. No moment is kept, only the day, and the ids are random: nothing here lines up with the
-- arrival of inputs (Chatham House Rule).
CREATE TABLE attendances (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    session_id uuid NOT NULL REFERENCES sessions (id),
    working_group_id uuid REFERENCES working_groups (id),
    registration_id uuid REFERENCES registrations (id),
    -- Who it is, for being recorded once: the registration, else the address, else the name.
    person_key text NOT NULL,
    name text,
    email text,
    standing text,
    method text NOT NULL,
    minutes integer,
    held_on date NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT attendances_once UNIQUE (session_id, person_key)
);
CREATE INDEX attendances_by_session ON attendances (session_id, id);
CREATE INDEX attendances_by_consultation ON attendances (consultation_id, id);
CREATE INDEX attendances_by_registration ON attendances (registration_id);
-- One code at a time for a session, or for a working group in it.
CREATE TABLE check_in_codes (
    id uuid NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    working_group_id uuid REFERENCES working_groups (id) ON DELETE CASCADE,
    code_hash text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL
);
CREATE INDEX check_in_codes_by_session ON check_in_codes (session_id);
