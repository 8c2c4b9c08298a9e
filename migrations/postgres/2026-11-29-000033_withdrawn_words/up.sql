-- Words of a draft, or of an earlier text of it, that were those of something that was taken back since: no paragraph repeats them.
CREATE TABLE withdrawn_words (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    words text NOT NULL
);
CREATE INDEX withdrawn_words_by_report ON withdrawn_words (report_id);
