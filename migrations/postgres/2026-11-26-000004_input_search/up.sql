-- The words of inputs, as `terms` makes them.
CREATE TABLE input_search (
    input_id uuid NOT NULL PRIMARY KEY REFERENCES inputs (id),
    words tsvector NOT NULL
);
CREATE INDEX input_search_by_words ON input_search USING gin (words) WITH (fastupdate = off);
-- Where near-duplicates meet (`inputs::similar`).
CREATE TABLE input_buckets (
    bucket bigint NOT NULL,
    input_id uuid NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (bucket, input_id)
);
CREATE INDEX input_buckets_by_input ON input_buckets (input_id);
