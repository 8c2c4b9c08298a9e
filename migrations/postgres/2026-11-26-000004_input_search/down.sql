DROP TABLE input_buckets;
DROP TABLE input_search;
