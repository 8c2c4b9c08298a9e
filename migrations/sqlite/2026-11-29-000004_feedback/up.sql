-- What people thought of a consultation, as counts: no row is anybody's. What came since the counts were last told stands apart.
CREATE TABLE feedback_counts (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    question TEXT NOT NULL,
    answer INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (consultation_id, question, answer)
) STRICT, WITHOUT ROWID;
-- Which receipts it was given by, as marks that only the receipt makes: nobody is in the transaction that counts.
CREATE TABLE feedback_given (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    mark BLOB NOT NULL,
    PRIMARY KEY (consultation_id, mark)
) STRICT, WITHOUT ROWID;
