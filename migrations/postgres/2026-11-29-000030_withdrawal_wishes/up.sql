-- That whoever said it wants to take back what a published edition rests on. Of when no more than the day is kept.
CREATE TABLE withdrawal_wishes (
    input_id uuid NOT NULL PRIMARY KEY REFERENCES inputs (id),
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    wished_on date NOT NULL,
    state text NOT NULL,
    reason text,
    settled_by uuid REFERENCES accounts (id),
    version bigint NOT NULL
);
CREATE INDEX withdrawal_wishes_by_consultation ON withdrawal_wishes (consultation_id);
CREATE INDEX withdrawal_wishes_by_account ON withdrawal_wishes (settled_by);
