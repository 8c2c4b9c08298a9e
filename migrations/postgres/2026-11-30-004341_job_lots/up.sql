-- What a job works on that was decided: lots, in the order in which they are taken. Each is deleted in the transaction that takes it.
CREATE TABLE job_lots (
    job_id uuid NOT NULL REFERENCES jobs (id),
    number bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (job_id, number)
);
-- Imports that were decided and are not through: none for most of the time, and asked for before every step of a consultation.
CREATE INDEX jobs_under_way ON jobs (consultation_id, id) WHERE place IS NOT NULL;
