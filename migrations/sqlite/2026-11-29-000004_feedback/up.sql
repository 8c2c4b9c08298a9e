-- What people thought of a consultation, as counts: no row is anybody's. What came since the counts were last told stands apart.
CREATE TABLE feedback_counts (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    question TEXT NOT NULL,
    answer INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (consultation_id, question, answer)
) STRICT, WITHOUT ROWID;
-- Who has answered, and not what.
CREATE TABLE feedback_given (
    registration_id TEXT NOT NULL PRIMARY KEY REFERENCES registrations (id)
) STRICT, WITHOUT ROWID;
