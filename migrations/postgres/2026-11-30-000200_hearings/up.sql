-- Participants are asked, in a round of clearance, what they say of the draft: as it was frozen for them, and until when.
CREATE TABLE hearings (
    round_id uuid NOT NULL PRIMARY KEY REFERENCES clearance_rounds (id),
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    report_id uuid NOT NULL REFERENCES reports (id),
    -- The last day, and the moment at which it is over where the consultation is.
    ends_on date NOT NULL,
    ends_at timestamptz NOT NULL,
    -- What they read: the draft in portions, and the document that they were taken from.
    portions jsonb NOT NULL,
    document text,
    asked_by uuid REFERENCES accounts (id),
    asked_at timestamptz NOT NULL
);
CREATE INDEX hearings_by_consultation ON hearings (consultation_id, ends_at);
CREATE INDEX hearings_by_report ON hearings (report_id);
CREATE INDEX hearings_by_asker ON hearings (asked_by);
-- What they said of it by receipt, once it was mixed: under random ids, with no time and no voice, so that nothing leads from one to
-- another or to an input.
CREATE TABLE observations (
    id uuid NOT NULL PRIMARY KEY,
    round_id uuid NOT NULL REFERENCES hearings (round_id),
    report_id uuid NOT NULL REFERENCES reports (id),
    portion_id uuid NOT NULL,
    quote text,
    body text NOT NULL,
    language text NOT NULL,
    taken boolean,
    answer text,
    answered_by uuid REFERENCES accounts (id),
    answered_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX observations_in_order ON observations (report_id, id);
CREATE INDEX observations_by_round ON observations (round_id);
CREATE INDEX observations_by_answerer ON observations (answered_by);
-- Beside each what only the receipt recognizes that it was made with.
CREATE TABLE observation_marks (
    observation_id uuid NOT NULL PRIMARY KEY REFERENCES observations (id),
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    mark bytea NOT NULL
);
CREATE INDEX observation_marks_by_consultation ON observation_marks (consultation_id, observation_id);
-- The last day for what an announcement asks for.
ALTER TABLE announcements ADD COLUMN until date;
