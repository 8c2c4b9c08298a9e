-- Answers that no registration holds any more: counted, and linked to nobody.
CREATE TABLE severed_answers (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    came INTEGER NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (consultation_id, question, answer, came)
) STRICT;
-- What was purged: how much of what and why, never whose.
CREATE TABLE purges (
    id TEXT NOT NULL PRIMARY KEY,
    class TEXT NOT NULL,
    kept_days INTEGER NOT NULL,
    before TEXT NOT NULL,
    counts TEXT NOT NULL,
    occasion TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id),
    created_at TEXT NOT NULL
) STRICT;
