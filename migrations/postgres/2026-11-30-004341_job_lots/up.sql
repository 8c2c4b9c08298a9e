-- What a job works on that was decided: lots, in the order in which they are taken. Each is deleted in the transaction that takes it.
CREATE TABLE job_lots (
    job_id uuid NOT NULL REFERENCES jobs (id),
    number bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (job_id, number)
);
