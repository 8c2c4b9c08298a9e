-- On which paragraphs of other editions a paragraph of a paper's edition rests. An edition never changes.
CREATE TABLE edition_sources (
    edition_id uuid NOT NULL REFERENCES report_editions (id),
    paragraph_number integer NOT NULL,
    source_id uuid NOT NULL REFERENCES report_editions (id),
    source_number integer NOT NULL,
    PRIMARY KEY (edition_id, paragraph_number, source_id, source_number)
);
CREATE INDEX edition_sources_by_source ON edition_sources (source_id, source_number);
