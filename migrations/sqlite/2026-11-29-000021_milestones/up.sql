-- A draft as it once stood. `document` is kept as its exact bytes, which `sha256` is over, until somebody who is named in it is erased;
-- `frozen` is what two drafts are compared by.
CREATE TABLE report_milestones (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    document TEXT,
    sha256 TEXT NOT NULL,
    frozen TEXT NOT NULL,
    report_version INTEGER NOT NULL,
    set_by TEXT REFERENCES accounts (id),
    set_at TEXT NOT NULL,
    CONSTRAINT report_milestones_number_unique UNIQUE (report_id, number)
) STRICT;
CREATE INDEX report_milestones_by_account ON report_milestones (set_by);
