-- Everything that is done by receipt waits here as ciphertext until it is mixed (ARCHITECTURE.md, rule 1). The key that opens it is in no
-- database; `mark` is recognized by nobody but the receipt.
CREATE TABLE pool_entries (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    key_name TEXT NOT NULL,
    mark BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pool_entries_by_consultation ON pool_entries (consultation_id, id);
-- How the mixing of a consultation stands: the key that new entries take, the fixed time that was last seen to, how many of its
-- closings have passed, and how many receipts had been replaced when it was mixed last.
CREATE TABLE mixings (
    consultation_id TEXT NOT NULL PRIMARY KEY REFERENCES consultations (id),
    times TEXT NOT NULL,
    key_name TEXT,
    seen_to TEXT,
    closings INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    keys_destroyed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Whose voice is in an input or supports it: recognized by the receipt alone (`mark`), and counted with the consultation's key, which
-- is in no database (`sealed`).
CREATE TABLE input_voices (
    id TEXT NOT NULL PRIMARY KEY,
    input_id TEXT NOT NULL REFERENCES inputs (id),
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    role TEXT NOT NULL,
    mark BLOB,
    sealed BLOB,
    late TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX input_voices_by_input ON input_voices (input_id, id);
CREATE INDEX input_voices_by_consultation ON input_voices (consultation_id, id);
CREATE TABLE input_line_voices (
    line_id TEXT NOT NULL PRIMARY KEY REFERENCES input_lines (id),
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- How many receipts somebody was given. Whose a row is tells a keyed hash of the registration or of the address, and nothing else:
-- no day, and nothing of the receipt.
CREATE TABLE receipts_given (
    holder BLOB NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    receipts INTEGER NOT NULL,
    counts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_given_by_consultation ON receipts_given (consultation_id, holder);
-- Voices that are not taken any more, as only the consultation's key knows them again.
CREATE TABLE refused_voices (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    voice BLOB NOT NULL,
    PRIMARY KEY (consultation_id, voice)
) STRICT, WITHOUT ROWID;
