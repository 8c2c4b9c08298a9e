-- What people thought of a consultation, as counts: no row is anybody's. What came since the counts were last told stands apart.
CREATE TABLE feedback_counts (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    question text NOT NULL,
    answer integer NOT NULL,
    waiting bigint NOT NULL,
    told bigint NOT NULL,
    PRIMARY KEY (consultation_id, question, answer)
);
-- Which receipts it was given by, as marks that only the receipt makes: nobody is in the transaction that counts.
CREATE TABLE feedback_given (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    mark bytea NOT NULL,
    PRIMARY KEY (consultation_id, mark)
);
