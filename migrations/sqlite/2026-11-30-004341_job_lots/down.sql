DROP INDEX jobs_under_way;
DROP TABLE job_lots;
