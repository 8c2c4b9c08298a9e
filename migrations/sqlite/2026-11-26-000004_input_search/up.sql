-- The words of inputs, as `terms` makes them; a row's number is its input's place, which is random.
CREATE VIRTUAL TABLE input_search USING fts5 (scope, words, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'");
-- What is deleted leaves no trace in the index.
INSERT INTO input_search (input_search, rank) VALUES ('secure-delete', 1);
-- Where near-duplicates meet (`inputs::similar`).
CREATE TABLE input_buckets (
    bucket INTEGER NOT NULL,
    input_id TEXT NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (bucket, input_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX input_buckets_by_input ON input_buckets (input_id);
