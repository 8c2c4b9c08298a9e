-- What everybody confirmed in a consultation is told, in the same words. Ids are random: they do not tell when one was asked for.
CREATE TABLE announcements (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    kind TEXT NOT NULL,
    texts TEXT NOT NULL,
    made_by TEXT REFERENCES accounts (id),
    due_at TEXT NOT NULL,
    sent_at TEXT
) STRICT;
CREATE INDEX announcements_in_order ON announcements (consultation_id, due_at, id);
CREATE INDEX announcements_due ON announcements (due_at) WHERE sent_at IS NULL;
CREATE UNIQUE INDEX announcements_of_questions ON announcements (consultation_id, due_at) WHERE kind = 'questions_open';
