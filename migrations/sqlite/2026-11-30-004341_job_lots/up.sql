-- What a job works on that was decided: lots, in the order in which they are taken. Each is deleted in the transaction that takes it.
CREATE TABLE job_lots (
    job_id TEXT NOT NULL REFERENCES jobs (id),
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
