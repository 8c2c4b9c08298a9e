-- The translation of a report into a language: what translators work on.
CREATE TABLE report_translations (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    language text NOT NULL,
    translator_id uuid REFERENCES accounts (id),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT report_translations_language_unique UNIQUE (report_id, language)
);
CREATE INDEX report_translations_by_translator ON report_translations (translator_id);
-- A portion in that language, with the words of the original that it was made from, and whom these print by name.
CREATE TABLE translated_portions (
    translation_id uuid NOT NULL REFERENCES report_translations (id),
    portion text NOT NULL,
    text text NOT NULL,
    made_from text NOT NULL,
    named jsonb NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (translation_id, portion)
);
-- The translation of an edition, as it was published. It never changes.
CREATE TABLE edition_translations (
    edition_id uuid NOT NULL REFERENCES report_editions (id),
    language text NOT NULL,
    document text NOT NULL,
    sha256 text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (edition_id, language)
);
