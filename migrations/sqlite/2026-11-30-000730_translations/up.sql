-- The translation of a report into a language: what translators work on.
CREATE TABLE report_translations (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    language TEXT NOT NULL,
    translator_id TEXT REFERENCES accounts (id),
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT report_translations_language_unique UNIQUE (report_id, language)
) STRICT;
CREATE INDEX report_translations_by_translator ON report_translations (translator_id);
-- A portion in that language, with the words of the original that it was made from, and whom these print by name.
CREATE TABLE translated_portions (
    translation_id TEXT NOT NULL REFERENCES report_translations (id),
    portion TEXT NOT NULL,
    text TEXT NOT NULL,
    made_from TEXT NOT NULL,
    named TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (translation_id, portion)
) STRICT, WITHOUT ROWID;
-- The translation of an edition, as it was published. It never changes.
CREATE TABLE edition_translations (
    edition_id TEXT NOT NULL REFERENCES report_editions (id),
    language TEXT NOT NULL,
    document TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    published_at TEXT NOT NULL,
    PRIMARY KEY (edition_id, language)
) STRICT, WITHOUT ROWID;
