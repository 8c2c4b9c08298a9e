-- What those who draft a report were told of what it rests on, and the hour at which they are told of the rest.
CREATE TABLE draft_alerts (
    report_id TEXT NOT NULL PRIMARY KEY REFERENCES reports (id),
    told TEXT NOT NULL,
    due_at TEXT
) STRICT;
