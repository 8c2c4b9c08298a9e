-- Every save of a draft is a step: what kind, who and when. Steps are numbered through a report, under its lock, so that the whole can be
-- told and replayed in order. Nothing refers to paragraphs and sections: a version outlives what it is of.
CREATE TABLE draft_steps (
    report_id uuid NOT NULL REFERENCES reports (id),
    serial bigint NOT NULL,
    kind text NOT NULL,
    taken_by uuid REFERENCES accounts (id),
    taken_at timestamptz NOT NULL,
    section_id uuid,
    paragraph_id uuid,
    number bigint,
    restored bigint,
    into_id uuid,
    suggestion_id uuid,
    PRIMARY KEY (report_id, serial)
);
CREATE INDEX draft_steps_by_account ON draft_steps (taken_by);
-- What a paragraph was after a step; `place` counts from 1 in its section. Inputs are ids: no word of an input is copied here.
CREATE TABLE paragraph_versions (
    paragraph_id uuid NOT NULL,
    number bigint NOT NULL,
    report_id uuid NOT NULL REFERENCES reports (id),
    serial bigint NOT NULL,
    section_id uuid NOT NULL,
    place integer NOT NULL,
    body text,
    computed text,
    objective integer,
    editorial_reason text,
    inputs jsonb NOT NULL,
    sources jsonb NOT NULL,
    PRIMARY KEY (paragraph_id, number),
    CONSTRAINT paragraph_versions_serial_unique UNIQUE (report_id, serial)
);
-- What a section was after a step; `place` is its position.
CREATE TABLE section_versions (
    section_id uuid NOT NULL,
    number bigint NOT NULL,
    report_id uuid NOT NULL REFERENCES reports (id),
    serial bigint NOT NULL,
    parent_id uuid,
    place integer NOT NULL,
    kind text NOT NULL,
    objectives jsonb NOT NULL,
    category_id uuid,
    heading text,
    PRIMARY KEY (section_id, number),
    CONSTRAINT section_versions_serial_unique UNIQUE (report_id, serial)
);
