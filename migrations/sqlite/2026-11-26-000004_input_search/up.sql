-- The words of inputs, as `inputs::words` makes them; a row's number is its input's place, which is random.
CREATE VIRTUAL TABLE input_search USING fts5 (scope, words, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'");
-- Where near-duplicates meet (`inputs::similar`).
CREATE TABLE input_buckets (
    bucket INTEGER NOT NULL,
    input_id TEXT NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (bucket, input_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_buckets_by_input ON input_buckets (input_id);
