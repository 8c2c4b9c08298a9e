-- Every save of a draft is a step: what kind, who and when. Steps are numbered through a report, under its lock, so that the whole can be
-- told and replayed in order. Nothing refers to paragraphs and sections: a version outlives what it is of.
CREATE TABLE draft_steps (
    report_id TEXT NOT NULL REFERENCES reports (id),
    serial INTEGER NOT NULL,
    kind TEXT NOT NULL,
    taken_by TEXT REFERENCES accounts (id),
    taken_at TEXT NOT NULL,
    section_id TEXT,
    paragraph_id TEXT,
    number INTEGER,
    restored INTEGER,
    into_id TEXT,
    suggestion_id TEXT,
    PRIMARY KEY (report_id, serial)
) STRICT;
CREATE INDEX draft_steps_by_account ON draft_steps (taken_by);
-- What a paragraph was after a step; `place` counts from 1 in its section. Inputs are ids: no word of an input is copied here.
CREATE TABLE paragraph_versions (
    paragraph_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    report_id TEXT NOT NULL REFERENCES reports (id),
    serial INTEGER NOT NULL,
    section_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    body TEXT,
    computed TEXT,
    objective INTEGER,
    editorial_reason TEXT,
    inputs TEXT NOT NULL,
    sources TEXT NOT NULL,
    PRIMARY KEY (paragraph_id, number),
    CONSTRAINT paragraph_versions_serial_unique UNIQUE (report_id, serial)
) STRICT;
-- What a section was after a step; `place` is its position.
CREATE TABLE section_versions (
    section_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    report_id TEXT NOT NULL REFERENCES reports (id),
    serial INTEGER NOT NULL,
    parent_id TEXT,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    objectives TEXT NOT NULL,
    category_id TEXT,
    heading TEXT,
    PRIMARY KEY (section_id, number),
    CONSTRAINT section_versions_serial_unique UNIQUE (report_id, serial)
) STRICT;
