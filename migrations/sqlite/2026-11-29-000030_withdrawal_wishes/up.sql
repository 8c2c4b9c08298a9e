-- That whoever said it wants to take back what a published edition rests on. Of when no more than the day is kept.
CREATE TABLE withdrawal_wishes (
    input_id TEXT NOT NULL PRIMARY KEY REFERENCES inputs (id),
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    wished_on TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    settled_by TEXT REFERENCES accounts (id),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_wishes_by_consultation ON withdrawal_wishes (consultation_id);
CREATE INDEX withdrawal_wishes_by_account ON withdrawal_wishes (settled_by);
