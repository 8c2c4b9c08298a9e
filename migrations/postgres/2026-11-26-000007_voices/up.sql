-- Everything that is done by receipt waits here as ciphertext until it is mixed (ARCHITECTURE.md, rule 1). The key that opens it is in no
-- database; `mark` is recognized by nobody but the receipt.
CREATE TABLE pool_entries (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    key_name text NOT NULL,
    mark bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX pool_entries_by_consultation ON pool_entries (consultation_id, id);
-- How the mixing of a consultation stands: the key that new entries take, the fixed time that was last seen to, how many of its
-- closings have passed, and how many receipts had been replaced when it was mixed last.
CREATE TABLE mixings (
    consultation_id uuid NOT NULL PRIMARY KEY REFERENCES consultations (id),
    times jsonb NOT NULL,
    key_name text,
    seen_to timestamptz,
    closings integer NOT NULL,
    replaced integer NOT NULL,
    keys_destroyed boolean NOT NULL
);
-- Whose voice is in an input or supports it: recognized by the receipt alone (`mark`), and counted with the consultation's key, which
-- is in no database (`sealed`).
CREATE TABLE input_voices (
    id uuid NOT NULL PRIMARY KEY,
    input_id uuid NOT NULL REFERENCES inputs (id),
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    role text NOT NULL,
    mark bytea,
    sealed bytea,
    late text
);
CREATE INDEX input_voices_by_input ON input_voices (input_id, id);
CREATE INDEX input_voices_by_consultation ON input_voices (consultation_id, id);
CREATE TABLE input_line_voices (
    line_id uuid NOT NULL PRIMARY KEY REFERENCES input_lines (id),
    sealed bytea NOT NULL
);
-- How many receipts somebody was given. Whose a row is tells a keyed hash of the registration or of the address, and nothing else:
-- no day, and nothing of the receipt.
CREATE TABLE receipts_given (
    holder bytea NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    receipts integer NOT NULL,
    counts boolean NOT NULL
);
CREATE INDEX receipts_given_by_consultation ON receipts_given (consultation_id, holder);
-- Voices that are not taken any more, as only the consultation's key knows them again.
CREATE TABLE refused_voices (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    voice bytea NOT NULL,
    PRIMARY KEY (consultation_id, voice)
);
