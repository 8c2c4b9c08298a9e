-- A draft as it once stood. `document` is kept as its exact bytes, which `sha256` is over, until somebody who is named in it is erased;
-- `frozen` is what two drafts are compared by.
CREATE TABLE report_milestones (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    number integer NOT NULL,
    name text NOT NULL,
    document text,
    sha256 text NOT NULL,
    frozen jsonb NOT NULL,
    report_version bigint NOT NULL,
    set_by uuid REFERENCES accounts (id),
    set_at timestamptz NOT NULL,
    CONSTRAINT report_milestones_number_unique UNIQUE (report_id, number)
);
CREATE INDEX report_milestones_by_account ON report_milestones (set_by);
