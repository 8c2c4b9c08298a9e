DROP TABLE job_payloads;
DROP TABLE jobs;
