CREATE TABLE reports (
    id uuid NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    review_id uuid NOT NULL REFERENCES reviews (id),
    consultation_id uuid REFERENCES consultations (id),
    title text NOT NULL,
    symbol text,
    distribution text NOT NULL,
    dated_on date,
    summary text,
    agenda_items text,
    state text NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
-- A consultation has one summary report.
CREATE UNIQUE INDEX reports_one_summary ON reports (consultation_id) WHERE kind = 'summary_report';
CREATE INDEX reports_by_review ON reports (review_id, id);
CREATE TABLE report_sections (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    parent_id uuid REFERENCES report_sections (id),
    position integer NOT NULL,
    kind text NOT NULL,
    objectives jsonb NOT NULL,
    category_id uuid REFERENCES input_categories (id),
    heading text,
    version bigint NOT NULL
);
CREATE INDEX report_sections_by_report ON report_sections (report_id, position);
CREATE TABLE paragraphs (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    section_id uuid NOT NULL REFERENCES report_sections (id),
    position integer NOT NULL,
    body text,
    computed text,
    objective integer,
    editorial_reason text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX paragraphs_by_report ON paragraphs (report_id, section_id, position);
CREATE TABLE paragraph_inputs (
    paragraph_id uuid NOT NULL REFERENCES paragraphs (id),
    input_id uuid NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (paragraph_id, input_id)
);
CREATE INDEX paragraph_inputs_by_input ON paragraph_inputs (input_id);
-- An edition never changes. `document` is kept as its exact bytes, which `sha256` is over.
CREATE TABLE report_editions (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    number integer NOT NULL,
    symbol text,
    document text NOT NULL,
    record jsonb NOT NULL,
    sha256 text NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT report_editions_number_unique UNIQUE (report_id, number)
);
-- What a conference room paper is compiled from, in the order of the series.
CREATE TABLE paper_editions (
    report_id uuid NOT NULL REFERENCES reports (id),
    edition_id uuid NOT NULL REFERENCES report_editions (id),
    position integer NOT NULL,
    PRIMARY KEY (report_id, edition_id)
);
CREATE TABLE paragraph_sources (
    paragraph_id uuid NOT NULL REFERENCES paragraphs (id),
    edition_id uuid NOT NULL REFERENCES report_editions (id),
    paragraph_number integer NOT NULL,
    PRIMARY KEY (paragraph_id, edition_id, paragraph_number)
);
-- Why an accepted input (or, in a paper, a source paragraph) is not in the text.
CREATE TABLE report_omissions (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    input_id uuid REFERENCES inputs (id),
    edition_id uuid REFERENCES report_editions (id),
    paragraph_number integer,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT report_omissions_input_once UNIQUE (report_id, input_id),
    CONSTRAINT report_omissions_source_once UNIQUE (report_id, edition_id, paragraph_number)
);
