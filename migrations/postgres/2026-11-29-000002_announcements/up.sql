-- What everybody confirmed in a consultation is told, in the same words. Ids are random: they do not tell when one was asked for.
CREATE TABLE announcements (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    kind text NOT NULL,
    texts jsonb NOT NULL,
    made_by uuid REFERENCES accounts (id),
    due_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX announcements_in_order ON announcements (consultation_id, due_at, id);
CREATE INDEX announcements_due ON announcements (due_at) WHERE sent_at IS NULL;
CREATE UNIQUE INDEX announcements_of_questions ON announcements (consultation_id, due_at) WHERE kind = 'questions_open';
