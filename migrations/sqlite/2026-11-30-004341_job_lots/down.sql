DROP TABLE job_lots;
