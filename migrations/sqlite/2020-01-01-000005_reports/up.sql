CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    review_id TEXT NOT NULL REFERENCES reviews (id),
    consultation_id TEXT REFERENCES consultations (id),
    title TEXT NOT NULL,
    symbol TEXT,
    distribution TEXT NOT NULL,
    dated_on TEXT,
    summary TEXT,
    agenda_items TEXT,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
-- A consultation has one summary report.
CREATE UNIQUE INDEX reports_one_summary ON reports (consultation_id) WHERE kind = 'summary_report';
CREATE INDEX reports_by_review ON reports (review_id, id);
CREATE TABLE report_sections (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    parent_id TEXT REFERENCES report_sections (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    objectives TEXT NOT NULL,
    category_id TEXT REFERENCES input_categories (id),
    heading TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX report_sections_by_report ON report_sections (report_id, position);
CREATE TABLE paragraphs (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    section_id TEXT NOT NULL REFERENCES report_sections (id),
    position INTEGER NOT NULL,
    body TEXT,
    computed TEXT,
    objective INTEGER,
    editorial_reason TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX paragraphs_by_report ON paragraphs (report_id, section_id, position);
CREATE TABLE paragraph_inputs (
    paragraph_id TEXT NOT NULL REFERENCES paragraphs (id),
    input_id TEXT NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (paragraph_id, input_id)
) STRICT;
CREATE INDEX paragraph_inputs_by_input ON paragraph_inputs (input_id);
-- An edition never changes. `document` is kept as its exact bytes, which `sha256` is over.
CREATE TABLE report_editions (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    number INTEGER NOT NULL,
    symbol TEXT,
    document TEXT NOT NULL,
    record TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    published_at TEXT NOT NULL,
    CONSTRAINT report_editions_number_unique UNIQUE (report_id, number)
) STRICT;
-- What a conference room paper is compiled from, in the order of the series.
CREATE TABLE paper_editions (
    report_id TEXT NOT NULL REFERENCES reports (id),
    edition_id TEXT NOT NULL REFERENCES report_editions (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (report_id, edition_id)
) STRICT;
CREATE TABLE paragraph_sources (
    paragraph_id TEXT NOT NULL REFERENCES paragraphs (id),
    edition_id TEXT NOT NULL REFERENCES report_editions (id),
    paragraph_number INTEGER NOT NULL,
    PRIMARY KEY (paragraph_id, edition_id, paragraph_number)
) STRICT;
-- Why an accepted input (or, in a paper, a source paragraph) is not in the text.
CREATE TABLE report_omissions (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    input_id TEXT REFERENCES inputs (id),
    edition_id TEXT REFERENCES report_editions (id),
    paragraph_number INTEGER,
    reason TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT report_omissions_input_once UNIQUE (report_id, input_id),
    CONSTRAINT report_omissions_source_once UNIQUE (report_id, edition_id, paragraph_number)
) STRICT;
