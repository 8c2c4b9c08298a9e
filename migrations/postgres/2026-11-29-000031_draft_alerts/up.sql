-- What those who draft a report were told of what it rests on, and the hour at which they are told of the rest.
CREATE TABLE draft_alerts (
    report_id uuid NOT NULL PRIMARY KEY REFERENCES reports (id),
    told jsonb NOT NULL,
    due_at timestamptz
);
