-- That somebody lets a finding of the checks pass, and why. `finding` is a hash of what was found and of the text in which it was: of
-- another text it is another finding.
CREATE TABLE check_waivers (
    report_id TEXT NOT NULL REFERENCES reports (id),
    finding TEXT NOT NULL,
    reason TEXT NOT NULL,
    waived_by TEXT REFERENCES accounts (id),
    waived_at TEXT NOT NULL,
    PRIMARY KEY (report_id, finding)
) STRICT;
CREATE INDEX check_waivers_by_account ON check_waivers (waived_by);
