-- Words of a draft, or of an earlier text of it, that were those of something that was taken back since: no paragraph repeats them.
CREATE TABLE withdrawn_words (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    words TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawn_words_by_report ON withdrawn_words (report_id);
